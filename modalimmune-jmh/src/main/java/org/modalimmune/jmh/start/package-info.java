/** The main class of the jar: finds a fitting Java and hands over to JMH. */
package org.modalimmune.jmh.start;
