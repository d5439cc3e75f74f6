package org.modalimmune.cuda.software;

import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.modalimmune.backend.Backend;
import org.modalimmune.conformance.OperatorConformance;

/**
 * The operators on the software device. Chains are not fused: each would be compiled by g++ once it
 * comes again, and {@link FusedChainsTest} shows that they give the same bits.
 */
@AddLifecycleHook(NeedsSoftwareDevice.class)
@PropertyDefaults(tries = 3)
class CudaOperatorsTest extends OperatorConformance {
  @Override
  protected Backend open() {
    return SoftwareDevice.open("panama", "fusion", "off");
  }

  @Override
  protected int cases(int all) {
    return Math.max(1, all / 25);
  }
}
