/** Pooled native memory that both CPU backends share. */
package org.modalimmune.cpu.memory;
