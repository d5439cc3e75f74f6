/** Benchmarks of gradients, Hessian-vector products and Neumann series. */
package org.modalimmune.jmh.hypergradient;
