package org.modalimmune.autodiff;

/** A rule with the name of its operation. */
record NamedRule(String operation, Rule rule) implements Rule {
  @Override
  public void pullBack(Pullback pullback) {
    rule.pullBack(pullback);
  }
}
