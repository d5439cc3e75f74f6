/** The backend on the CUDA device that the tests build in software. */
package org.modalimmune.cuda.software;
