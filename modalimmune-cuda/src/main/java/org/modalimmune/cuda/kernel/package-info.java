/** The kernels of the backend, and how they are started. */
package org.modalimmune.cuda.kernel;
