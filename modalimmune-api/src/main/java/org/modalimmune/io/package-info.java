/**
 * File formats: JSON, safetensors, NPY and NPZ, and writing a file so that it is either complete or
 * not there at all.
 *
 * <p>Every size that a file states is checked against the size of the file before memory is taken.
 */
package org.modalimmune.io;
