/** Gradient masking on the reference and the fast backend. */
package org.modalimmune.masking;
