package org.modalimmune.conformance;

import net.jqwik.api.Group;
import org.junit.jupiter.api.Nested;
import org.modalimmune.backend.Backend;
import org.modalimmune.collapse.CollapseLossContract;
import org.modalimmune.collapse.GoldenCollapseContract;
import org.modalimmune.collapse.GoldenCollapseLossContract;
import org.modalimmune.collapse.GoldenInterventionsContract;
import org.modalimmune.collapse.GoldenSpectralNoiseContract;
import org.modalimmune.collapse.InterventionContract;
import org.modalimmune.collapse.RankMeasureContract;
import org.modalimmune.collapse.SpectralNoiseContract;
import org.modalimmune.collapse.SpectralShrinkContract;
import org.modalimmune.collapse.StableRankContract;
import org.modalimmune.controller.FirstOrderGainContract;
import org.modalimmune.hypergradient.AutodiffOperatorsContract;
import org.modalimmune.hypergradient.TensorSolverContract;
import org.modalimmune.masking.AutodiffMaskingContract;
import org.modalimmune.masking.GoldenMaskingContract;
import org.modalimmune.masking.MaskingPreconditionerContract;
import org.modalimmune.nn.GoldenLayersContract;
import org.modalimmune.nn.GoldenLossesContract;
import org.modalimmune.optim.GoldenOptimizersContract;

/**
 * The operators, layers and optimisers on one backend, with their golden vectors: a backend's
 * module extends this class and says how to open the backend, and by {@code
 * net.jqwik.api.PropertyDefaults} how often each property is tried.
 */
public abstract class OperatorConformance {
  /** For subclasses. */
  protected OperatorConformance() {}

  /** Opens the backend under test. */
  protected abstract Backend open();

  /** How many cases of a sweep to try, out of so many; fewer where a backend is slow. */
  protected int cases(int all) {
    return all;
  }

  /** The collapse loss. */
  @Nested
  @Group
  class CollapseLoss extends CollapseLossContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Ranks, against golden vectors. */
  @Nested
  @Group
  class GoldenCollapse extends GoldenCollapseContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** The collapse loss, against golden vectors. */
  @Nested
  @Group
  class GoldenCollapseLoss extends GoldenCollapseLossContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Interventions, against golden vectors. */
  @Nested
  @Group
  class GoldenInterventions extends GoldenInterventionsContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Spectral noise, against golden vectors. */
  @Nested
  @Group
  class GoldenSpectralNoise extends GoldenSpectralNoiseContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Interventions. */
  @Nested
  @Group
  class Intervention extends InterventionContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Ranks. */
  @Nested
  @Group
  class RankMeasure extends RankMeasureContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Spectral noise. */
  @Nested
  @Group
  class SpectralNoise extends SpectralNoiseContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** The spectral intervention. */
  @Nested
  @Group
  class SpectralShrink extends SpectralShrinkContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** The stable rank's iteration. */
  @Nested
  @Group
  class StableRank extends StableRankContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** The controller's gains. */
  @Nested
  @Group
  class FirstOrderGain extends FirstOrderGainContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Curvature-aware masking. */
  @Nested
  @Group
  class AutodiffMasking extends AutodiffMaskingContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Masking, against golden vectors. */
  @Nested
  @Group
  class GoldenMasking extends GoldenMaskingContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Masking in an optimiser's coordinates. */
  @Nested
  @Group
  class MaskingPreconditioner extends MaskingPreconditionerContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Hyper-gradients of recorded losses. */
  @Nested
  @Group
  class AutodiffOperators extends AutodiffOperatorsContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Certified solves that stay on the backend. */
  @Nested
  @Group
  class TensorSolver extends TensorSolverContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Layers, against golden vectors. */
  @Nested
  @Group
  class GoldenLayers extends GoldenLayersContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Losses, against golden vectors. */
  @Nested
  @Group
  class GoldenLosses extends GoldenLossesContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }

  /** Optimisers, against golden vectors. */
  @Nested
  @Group
  class GoldenOptimizers extends GoldenOptimizersContract {
    @Override
    protected Backend open() {
      return OperatorConformance.this.open();
    }

    @Override
    protected int cases(int all) {
      return OperatorConformance.this.cases(all);
    }
  }
}
