/**
 * Optimisers that change parameters in place, learning-rate schedules and gradient clipping. The
 * learning rate is given at every step; weight decay is decoupled and set per group of parameters.
 */
package org.modalimmune.optim;
