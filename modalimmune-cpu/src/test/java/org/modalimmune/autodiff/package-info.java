/** Tests of automatic differentiation on the reference backend. */
package org.modalimmune.autodiff;
