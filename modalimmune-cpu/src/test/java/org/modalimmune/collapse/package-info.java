/** The collapse operator on the reference and the fast backend. */
package org.modalimmune.collapse;
