/** CUDA's libraries bound by JCuda's classes, which are linked to CUDA 12. */
package org.modalimmune.cuda.library.jcuda;
