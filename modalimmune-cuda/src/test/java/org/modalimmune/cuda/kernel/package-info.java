/** Tests of the kernels' sources and of how they are launched. */
package org.modalimmune.cuda.kernel;
