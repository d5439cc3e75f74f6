/** Tests of the package. */
package org.modalimmune.cpu.memory;
