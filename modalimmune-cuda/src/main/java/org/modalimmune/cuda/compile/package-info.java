/** Compilation of CUDA C at first use, and the cache of its results on disk. */
package org.modalimmune.cuda.compile;
