/** Layers and losses, run on the reference backend. */
package org.modalimmune.nn;
