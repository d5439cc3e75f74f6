/** Memory of a device: a pool in the order of its stream, and copies from and to the host. */
package org.modalimmune.cuda.memory;
