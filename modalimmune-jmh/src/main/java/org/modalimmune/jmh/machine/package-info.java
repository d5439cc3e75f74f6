/** What the machine itself can do: the floor under every other figure. */
package org.modalimmune.jmh.machine;
