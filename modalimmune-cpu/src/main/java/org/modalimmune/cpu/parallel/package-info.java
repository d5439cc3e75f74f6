/** The workers of one opened backend. */
package org.modalimmune.cpu.parallel;
