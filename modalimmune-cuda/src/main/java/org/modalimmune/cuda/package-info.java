/** The backend {@code cuda}: kernels in CUDA C for NVIDIA graphics cards. */
package org.modalimmune.cuda;
