package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.modalimmune.autodiff.GradientCheck;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A backend with a scope for parameters and inputs; one test's worth of memory. */
public final class LayerFixture implements AutoCloseable {
  private final Backend backend;
  private final boolean owned;
  private final Scope scope;

  /** On a reference backend of its own. */
  public LayerFixture() {
    this(Backends.open("reference", BackendOptions.ofThreads(1)), true);
  }

  /** On a backend that stays open. */
  public LayerFixture(Backend backend) {
    this(backend, false);
  }

  private LayerFixture(Backend backend, boolean owned) {
    this.backend = backend;
    this.owned = owned;
    this.scope = backend.newScope();
  }

  public Backend backend() {
    return backend;
  }

  public Scope scope() {
    return scope;
  }

  /** Operations for parameters and inputs. */
  public Ops ops() {
    return backend.ops(scope);
  }

  public Tape tape() {
    return new Tape(backend);
  }

  public Tensor normal(RandomKey key, DType dtype, long... dims) {
    return ops().normal(key, dtype, Shape.of(dims));
  }

  /** A mask of zeros and ones, each 1 with probability 0.6; the first row is all zeros. */
  public Tensor gaps(RandomKey key, DType dtype, long rows, long columns) {
    double[] draws = ops().uniform(key, DType.FLOAT64, Shape.of(rows, columns)).toDoubleArray();
    for (int i = 0; i < draws.length; i++) {
      draws[i] = i >= columns && draws[i] < 0.6 ? 1 : 0;
    }
    return scope.of(dtype, Shape.of(rows, columns), draws);
  }

  /** Overwrites the parameter of that name. */
  public static void set(List<Parameter> parameters, String name, double[] values) {
    Parameters.byName(parameters).get(name).set(values);
  }

  /** Moves every parameter to a normal draw, so that no bias is zero and no gain one. */
  public void randomize(List<Parameter> parameters, RandomKey key) {
    for (Parameter p : parameters) {
      p.value()
          .set(
              normal(key.fold(p.name()), p.value().dtype(), p.value().shape().dims())
                  .toDoubleArray());
    }
  }

  /**
   * Checks first and second derivatives with respect to parameters and inputs.
   *
   * @param f computes from the tape's inputs, the parameters as leaves
   */
  public void checkGradients(
      String name,
      RandomKey key,
      List<Parameter> parameters,
      List<Tensor> inputs,
      BiFunction<Tape, List<Variable>, Variable> f) {
    List<Tensor> all = new ArrayList<>(inputs);
    parameters.forEach(p -> all.add(p.value()));
    new GradientCheck(backend, key)
        .check(
            name,
            in -> {
              Tape tape = in.getFirst().tape();
              for (int i = 0; i < parameters.size(); i++) {
                tape.bind(parameters.get(i).value(), in.get(inputs.size() + i));
              }
              return f.apply(tape, in.subList(0, inputs.size()));
            },
            all);
  }

  @Override
  public void close() {
    scope.close();
    if (owned) {
      backend.close();
    }
  }
}
