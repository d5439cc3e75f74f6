package org.modalimmune.autodiff;

/**
 * Derivative rule of one operation y = f(x1, ..., xn): from the cotangent of y to the cotangents of
 * the inputs. Written in the operations of this package, it can be differentiated again.
 *
 * <p>It must be linear in the cotangent. {@link GradientCheck} tells whether it is right.
 */
@FunctionalInterface
public interface Rule {
  /** Adds (df/dxi)' times the cotangent for every input that is wanted. */
  void pullBack(Pullback pullback);

  /** Name of the operation, for messages. */
  default String operation() {
    return "an operation without a name";
  }

  /** {@code rule} under the name of its operation. */
  static Rule named(String operation, Rule rule) {
    return new NamedRule(operation, rule);
  }
}
