/**
 * Layers, losses and named parameters. A {@link org.modalimmune.nn.Layer} holds its parameters in
 * the scope it was made with and computes on whatever tape its input lives on; a {@link
 * org.modalimmune.nn.Pass} says whether the computation trains and supplies its random keys.
 */
package org.modalimmune.nn;
