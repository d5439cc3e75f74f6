/**
 * CUDA's libraries beside the driver: cuBLAS, cuSOLVER and NVRTC behind small interfaces, and the
 * choice among what is installed.
 */
package org.modalimmune.cuda.library;
