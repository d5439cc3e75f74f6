/**
 * Choice of what is collapsed. Arms are sets of modalities or presence patterns; their gains become
 * rewards, and controllers turn rewards into a probability for each arm: fixed ones, those that see
 * the rewards of all arms ({@link org.modalimmune.controller.Hedge}, {@link
 * org.modalimmune.controller.DiscountedHedge}) and bandits that see those of drawn arms ({@link
 * org.modalimmune.controller.Exp3Ix}, {@link org.modalimmune.controller.Exp3P}), with bounds on
 * their regret. Works on plain arrays; only {@link org.modalimmune.controller.FirstOrderGain} knows
 * tensors. {@code spec/controller.md} is the numerical contract.
 */
package org.modalimmune.controller;
