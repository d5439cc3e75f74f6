package org.modalimmune.conformance;

import net.jqwik.api.Group;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;

/** The contracts of all kernel roles, and of the derivative rules that are built on them. */
public abstract class KernelConformance {
  /** For subclasses. */
  protected KernelConformance() {}

  /** Opens the backend under test. */
  protected abstract Backend open(BackendOptions options);

  /** Options of the backend under test. */
  protected abstract BackendOptions options();

  /** Options for the check of each derivative rule by itself: the same, unless overridden. */
  protected BackendOptions optionsOfRules() {
    return options();
  }

  /** Elementwise kernels. */
  @Group
  class Elementwise extends ElementwiseContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Reductions. */
  @Group
  class Reduction extends ReductionContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Matrix products. */
  @Group
  class Matrix extends MatrixContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Row-wise normalisations. */
  @Group
  class Normalization extends NormalizationContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Decompositions. */
  @Group
  class Decomposition extends DecompositionContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Random fills. */
  @Group
  class Random extends RandomContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Row access by index. */
  @Group
  class Indexing extends IndexingContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Parameter updates. */
  @Group
  class Optimizer extends OptimizerContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Products with a centred matrix. */
  @Group
  class Gram extends GramContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.options();
    }
  }

  /** Derivative rules. */
  @Group
  class Gradient extends GradientContract {
    @Override
    protected Backend open(BackendOptions options) {
      return KernelConformance.this.open(options);
    }

    @Override
    protected BackendOptions options() {
      return KernelConformance.this.optionsOfRules();
    }
  }
}
