/** Optimisers, run on the reference backend. */
package org.modalimmune.optim;
