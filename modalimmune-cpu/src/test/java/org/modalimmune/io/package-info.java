/** Files of tensors, on the reference backend. */
package org.modalimmune.io;
