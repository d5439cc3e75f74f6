package org.modalimmune.cpu.vector;

/**
 * Settings of one momentum update.
 *
 * @param learningRate step length
 * @param momentum decay of the velocity
 * @param weightDecay added to the gradient per unit of the parameter
 * @param nesterov whether the step looks ahead
 */
record MomentumStep(double learningRate, double momentum, double weightDecay, boolean nesterov) {}
