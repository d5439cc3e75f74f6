/** Tests of the package. */
package org.modalimmune.cuda.memory;
