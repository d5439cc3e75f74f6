package org.modalimmune.cpu;

import net.jqwik.api.PropertyDefaults;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.conformance.OperatorConformance;

/** The operators on the reference backend. */
@PropertyDefaults(tries = 20)
class ReferenceOperatorsTest extends OperatorConformance {
  @Override
  protected Backend open() {
    return new ReferenceProvider().open(BackendOptions.ofThreads(1));
  }

  @Override
  protected int cases(int all) {
    return all / 2;
  }
}
