/** The program {@code modalimmune}: its commands, their options, and what they print. */
package org.modalimmune.cli;
