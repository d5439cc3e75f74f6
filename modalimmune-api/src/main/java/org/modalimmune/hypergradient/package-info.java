/**
 * Certified hyper-gradients: products with the inverse of a symmetric positive definite operator
 * that is known by its products alone, each with a bound on its error that also holds in floating
 * point, and the gradient of an outer loss through the solution of an inner problem. Works on plain
 * arrays and functions; only {@link org.modalimmune.hypergradient.AutodiffOperators} and {@link
 * org.modalimmune.hypergradient.AutodiffMixedProduct} know tensors.
 */
package org.modalimmune.hypergradient;
