/** CUDA's libraries bound by {@code java.lang.foreign}, whatever their major version. */
package org.modalimmune.cuda.library.panama;
