package org.modalimmune.backend;

import java.util.List;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Checked tensor operations on one backend. Results are new tensors in the scope given at
 * construction, unless a method says "in place". Operands are checked (device, open, type, shape)
 * before anything is written.
 *
 * <p>Errors: {@link IllegalArgumentException} names the operation, the rule and the shapes; {@link
 * IllegalStateException} if a scope is closed.
 */
public final class Ops {
  private final Kernels kernels;
  private final Backend backend;
  private final Scope scope;
  private final OperandChecks checks;

  /**
   * Operations on {@code backend} with results in {@code scope}, which must be the backend's own.
   */
  public Ops(Backend backend, Scope scope) {
    if (!scope.isOn(backend.allocator())) {
      throw new IllegalArgumentException(
          "ops: the scope belongs to "
              + scope.allocator().deviceName()
              + ", the backend is "
              + backend.allocator().deviceName()
              + "; make the scope with backend.newScope()");
    }
    this.backend = backend;
    this.kernels = backend.kernels();
    this.scope = scope;
    this.checks = new OperandChecks(scope.allocator());
  }

  /** The backend that computes. */
  public Backend backend() {
    return backend;
  }

  /** The scope that results go to. */
  public Scope scope() {
    return scope;
  }

  /** {@code op(x)} element by element. */
  public Tensor unary(UnaryOp op, Tensor x) {
    checks.alike(op, x);
    Tensor out = like(x);
    kernels.elementwise().unary(op, x, out);
    return out;
  }

  /** {@code x Phi(x)} with its derivative. */
  public WithDerivative geluWithDerivative(Tensor x) {
    checks.alike(UnaryOp.GELU, x);
    WithDerivative result = new WithDerivative(like(x), like(x));
    kernels.elementwise().geluWithDerivative(x, result.value(), result.derivative());
    return result;
  }

  /**
   * A function's values and those of its derivative.
   *
   * @param value x's shape
   * @param derivative x's shape
   */
  public record WithDerivative(Tensor value, Tensor derivative) {}

  /** {@code op(a, b)} element by element, shapes broadcast ({@link Shape#broadcast}). */
  public Tensor binary(BinaryOp op, Tensor a, Tensor b) {
    checks.alike(op, a, b);
    Shape shape = Shape.broadcast(a.shape(), b.shape());
    Tensor out = scope.allocate(a.dtype(), shape);
    kernels.elementwise().binary(op, a.expand(shape), b.expand(shape), out);
    return out;
  }

  /** {@code a b + c} element by element, shapes broadcast. */
  public Tensor multiplyAdd(Tensor a, Tensor b, Tensor c) {
    checks.alike("multiplyAdd", a, b, c);
    Shape shape = Shape.broadcast(Shape.broadcast(a.shape(), b.shape()), c.shape());
    Tensor out = scope.allocate(a.dtype(), shape);
    kernels.elementwise().multiplyAdd(a.expand(shape), b.expand(shape), c.expand(shape), out);
    return out;
  }

  /** {@code condition != 0 ? a : b}, shapes broadcast. */
  public Tensor select(Tensor condition, Tensor a, Tensor b) {
    checks.alike("select", condition, a, b);
    Shape shape = Shape.broadcast(condition.shape(), Shape.broadcast(a.shape(), b.shape()));
    Tensor out = scope.allocate(a.dtype(), shape);
    kernels.elementwise().select(condition.expand(shape), a.expand(shape), b.expand(shape), out);
    return out;
  }

  /** {@code scale x + shift}. */
  public Tensor affine(Tensor x, double scale, double shift) {
    checks.alike("affine", x);
    Tensor out = like(x);
    kernels.elementwise().affine(x, scale, shift, out);
    return out;
  }

  /** Into a given tensor: {@code out = scale x + shift}; out may be x. */
  public void affineTo(Tensor x, double scale, double shift, Tensor out) {
    checks.alike("affine", x, out);
    OperandChecks.target("affine", out);
    Tensor wide = x.expand(out.shape());
    OperandChecks.disjointOrSame("affine", out, wide);
    kernels.elementwise().affine(wide, scale, shift, out);
  }

  /** {@code min(max(x, low), high)}. */
  public Tensor clamp(Tensor x, double low, double high) {
    checks.alike("clamp", x);
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: needs low <= high, got " + low + " and " + high);
    }
    Tensor out = like(x);
    kernels.elementwise().clamp(x, low, high, out);
    return out;
  }

  /** In place: {@code y += alpha x}, x stretched to y's shape. */
  public void axpy(double alpha, Tensor x, Tensor y) {
    checks.alike("axpy", x, y);
    OperandChecks.target("axpy", y);
    Tensor wide = x.expand(y.shape());
    OperandChecks.disjointOrSame("axpy", y, wide);
    kernels.elementwise().axpy(alpha, wide, y);
  }

  /** In place: every element of {@code out} becomes {@code value}. */
  public void fill(double value, Tensor out) {
    checks.alike("fill", out);
    OperandChecks.target("fill", out);
    kernels.elementwise().fill(value, out);
  }

  /** A new tensor with every element {@code value}. */
  public Tensor full(double value, DType dtype, Shape shape) {
    Tensor out = scope.allocate(dtype, shape);
    kernels.elementwise().fill(value, out);
    return out;
  }

  /** In place: {@code out = x}, x stretched to out's shape; the element types may differ. */
  public void copyTo(Tensor x, Tensor out) {
    checks.own("copy", x);
    checks.own("copy", out);
    OperandChecks.target("copy", out);
    Tensor wide = x.expand(out.shape());
    OperandChecks.disjointOrSame("copy", out, wide);
    kernels.elementwise().copy(wide, out);
  }

  /** A contiguous copy. */
  public Tensor copy(Tensor x) {
    return cast(x, x.dtype());
  }

  /** A contiguous copy in another element type. */
  public Tensor cast(Tensor x, DType dtype) {
    checks.own("cast", x);
    Tensor out = scope.allocate(dtype, x.shape());
    kernels.elementwise().copy(x, out);
    return out;
  }

  /** The same elements with other sizes: a view if {@code x} is contiguous, else a copy. */
  public Tensor reshape(Tensor x, Shape shape) {
    checks.own("reshape", x);
    return x.isContiguous() ? x.reshape(shape) : copy(x).reshape(shape);
  }

  /**
   * Reduces the axes on which {@code target} has size 1, after x's leading axes that target lacks.
   * The inverse of broadcasting: {@code reduceTo(SUM, g, s)} is the adjoint of expanding from s.
   */
  public Tensor reduceTo(ReduceOp op, Tensor x, Shape target) {
    checks.alike(op, x);
    if (!Shape.broadcast(target, x.shape()).equals(x.shape())) {
      throw new IllegalArgumentException(op + ": " + x.shape() + " cannot be reduced to " + target);
    }
    if (op != ReduceOp.SUM && x.elements() == 0 && target.elements() > 0) {
      throw new IllegalArgumentException(op + ": no elements to choose from in " + x.shape());
    }
    Shape kept = target;
    for (int lead = x.shape().rank() - target.rank(); lead > 0; lead--) {
      kept = kept.inserted(0, 1);
    }
    Tensor out = scope.allocate(x.dtype(), kept);
    kernels.reduction().reduce(op, x, out);
    return out.reshape(target);
  }

  /** Reduces one axis and removes it. */
  public Tensor reduce(ReduceOp op, Tensor x, int axis) {
    return reduceTo(op, x, x.shape().with(axis, 1)).reshape(x.shape().without(axis));
  }

  /** Sum of all elements as a scalar. */
  public Tensor sum(Tensor x) {
    return reduceTo(ReduceOp.SUM, x, Shape.of());
  }

  /** Sum of products over all elements of two tensors of one shape, as a scalar. */
  public Tensor dot(Tensor a, Tensor b) {
    checks.alike("dot", a, b);
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          "dot: shapes must be equal: " + a.shape() + " and " + b.shape());
    }
    Tensor out = scope.allocate(a.dtype(), Shape.of());
    kernels.reduction().dot(a, b, out);
    return out;
  }

  /**
   * Matrix product over the last two axes; leading axes broadcast.
   *
   * @throws IllegalArgumentException if a rank is below 2 or the inner sizes differ
   */
  public Tensor matmul(Tensor a, Tensor b) {
    checks.matmul(a, b);
    long m = a.shape().dim(-2);
    long k = a.shape().dim(-1);
    long n = b.shape().dim(-1);
    if (a.shape().rank() == 2 && b.shape().rank() == 2) {
      Tensor out = scope.allocate(a.dtype(), Shape.of(m, n));
      kernels.matrix().matmul(a, b, out);
      return out;
    }
    Shape lead =
        Shape.broadcast(a.shape().without(-1).without(-1), b.shape().without(-1).without(-1));
    int r = lead.rank();
    Tensor out = scope.allocate(a.dtype(), lead.inserted(r, m).inserted(r + 1, n));
    kernels
        .matrix()
        .matmul(
            a.expand(lead.inserted(r, m).inserted(r + 1, k)),
            b.expand(lead.inserted(r, k).inserted(r + 1, n)),
            out);
    return out;
  }

  /** {@code x w + bias} for x [B, k], w [k, n], and bias [n] or [B, n]. */
  public Tensor linear(Tensor x, Tensor w, Tensor bias) {
    checks.linear("linear", x, w, bias);
    Tensor out = scope.allocate(x.dtype(), Shape.of(x.shape().dim(0), w.shape().dim(1)));
    kernels.matrix().linear(x, w, bias, out);
    return out;
  }

  /** In place: {@code c += a b} for a [m, k], b [k, n], c [m, n]. */
  public void addMatmul(Tensor a, Tensor b, Tensor c) {
    checks.linear("addMatmul", a, b, c);
    OperandChecks.target("addMatmul", c);
    OperandChecks.disjoint("addMatmul", c, a);
    OperandChecks.disjoint("addMatmul", c, b);
    kernels.matrix().linear(a, b, c, c);
  }

  /** Softmax over the last axis. */
  public Tensor softmax(Tensor x) {
    checks.row("softmax", x);
    Tensor out = like(x);
    kernels.normalization().softmax(x, out);
    return out;
  }

  /** Logarithm of the softmax over the last axis. */
  public Tensor logSoftmax(Tensor x) {
    checks.row("logSoftmax", x);
    Tensor out = like(x);
    kernels.normalization().logSoftmax(x, out);
    return out;
  }

  /**
   * Cotangent of {@link #softmax}'s operand: {@code y (g - sum g y)}, sums along the row, for the
   * result y and its cotangent g.
   *
   * @param softmax y, of one axis or more, the last one not empty
   * @param cotangent g, of y's shape and type
   * @throws IllegalArgumentException if they are not
   */
  public Tensor softmaxPullback(Tensor softmax, Tensor cotangent) {
    checks.pullback("softmaxPullback", softmax, cotangent);
    Tensor out = like(softmax);
    kernels.normalization().softmaxPullback(softmax, cotangent, out);
    return out;
  }

  /**
   * Cotangent of {@link #logSoftmax}'s operand: {@code g - exp(y) sum g}, sums along the row, for
   * the result y and its cotangent g.
   *
   * @param logSoftmax y, of one axis or more, the last one not empty
   * @param cotangent g, of y's shape and type
   * @throws IllegalArgumentException if they are not
   */
  public Tensor logSoftmaxPullback(Tensor logSoftmax, Tensor cotangent) {
    checks.pullback("logSoftmaxPullback", logSoftmax, cotangent);
    Tensor out = like(logSoftmax);
    kernels.normalization().logSoftmaxPullback(logSoftmax, cotangent, out);
    return out;
  }

  /** Rows with mean removed and scaled by {@code reciprocalStd = 1 / sqrt(variance + epsilon)}. */
  public LayerNorm layerNorm(Tensor x, double epsilon) {
    checks.layerNorm("layerNorm", x, epsilon);
    LayerNorm result = new LayerNorm(like(x), perRow(x));
    kernels.normalization().layerNorm(x, epsilon, result.normalized(), result.reciprocalStd());
    return result;
  }

  /**
   * Result of {@link #layerNorm}.
   *
   * @param normalized x's shape
   * @param reciprocalStd x's shape with last axis 1
   */
  public record LayerNorm(Tensor normalized, Tensor reciprocalStd) {}

  /** {@link #layerNorm}, then {@code normalized gain + bias}, gain and bias [n] for rows of n. */
  public ScaledLayerNorm layerNorm(Tensor x, Tensor gain, Tensor bias, double epsilon) {
    checks.layerNorm("layerNorm", x, epsilon);
    checks.alike("layerNorm", x, gain, bias);
    checks.columns("layerNorm", x, gain);
    checks.columns("layerNorm", x, bias);
    ScaledLayerNorm result = new ScaledLayerNorm(like(x), like(x), perRow(x));
    kernels
        .normalization()
        .scaledLayerNorm(
            x, gain, bias, epsilon, result.normalized(), result.reciprocalStd(), result.scaled());
    return result;
  }

  /**
   * Result of {@link #layerNorm(Tensor, Tensor, Tensor, double)}.
   *
   * @param scaled x's shape
   * @param normalized x's shape
   * @param reciprocalStd x's shape with last axis 1
   */
  public record ScaledLayerNorm(Tensor scaled, Tensor normalized, Tensor reciprocalStd) {}

  /**
   * Cotangent of {@link #layerNorm}'s operand: {@code reciprocalStd (g - mean g - normalized mean(g
   * normalized))} for the cotangent g of its rows.
   */
  public Tensor layerNormPullback(Tensor normalized, Tensor reciprocalStd, Tensor cotangent) {
    checks.layerNormPullback("layerNormPullback", normalized, reciprocalStd, cotangent);
    Tensor out = like(normalized);
    kernels.normalization().layerNormPullback(normalized, reciprocalStd, cotangent, out);
    return out;
  }

  /** Cotangents of the operands of {@link #layerNorm(Tensor, Tensor, Tensor, double)}. */
  public ScaledLayerNormPullback layerNormPullback(
      Tensor normalized, Tensor reciprocalStd, Tensor gain, Tensor cotangent) {
    checks.layerNormPullback("layerNormPullback", normalized, reciprocalStd, cotangent);
    checks.alike("layerNormPullback", normalized, gain);
    checks.columns("layerNormPullback", normalized, gain);
    ScaledLayerNormPullback result =
        new ScaledLayerNormPullback(like(normalized), like(gain), like(gain));
    kernels
        .normalization()
        .scaledLayerNormPullback(
            normalized, reciprocalStd, gain, cotangent, result.x(), result.gain(), result.bias());
    return result;
  }

  /**
   * Result of {@link #layerNormPullback(Tensor, Tensor, Tensor, Tensor)}.
   *
   * @param x cotangent of the rows
   * @param gain of the gain: sums over the rows of the cotangent times the normalised rows
   * @param bias of the bias: sums over the rows of the cotangent
   */
  public record ScaledLayerNormPullback(Tensor x, Tensor gain, Tensor bias) {}

  private Tensor perRow(Tensor x) {
    return scope.allocate(x.dtype(), x.shape().with(-1, 1));
  }

  /** Eigenvalues, largest first, and eigenvectors of a symmetric matrix. */
  public SymmetricEigen symmetricEigen(Tensor a) {
    long n = checks.square("symmetricEigen", a);
    Tensor values = scope.allocate(a.dtype(), Shape.of(n));
    Tensor vectors = scope.allocate(a.dtype(), Shape.of(n, n));
    kernels.decomposition().symmetricEigen(a, values, vectors);
    return new SymmetricEigen(values, vectors);
  }

  /**
   * Result of {@link #symmetricEigen}.
   *
   * @param values [n], largest first
   * @param vectors [n, n], column j belongs to value j
   */
  public record SymmetricEigen(Tensor values, Tensor vectors) {}

  /** Lower Cholesky factor of a symmetric positive definite matrix. */
  public Tensor cholesky(Tensor a) {
    long n = checks.square("cholesky", a);
    Tensor lower = scope.allocate(a.dtype(), Shape.of(n, n));
    kernels.decomposition().cholesky(a, lower);
    return lower;
  }

  /** Solves L X = B, or L' X = B, for lower triangular L [n, n] and B [n, k]. */
  public Tensor solveTriangular(Tensor lower, boolean transposed, Tensor b) {
    long n = checks.square("solveTriangular", lower);
    checks.alike("solveTriangular", lower, b);
    if (b.shape().rank() != 2 || b.shape().dim(0) != n) {
      throw new IllegalArgumentException(
          "solveTriangular: needs B [" + n + ", k], got " + b.shape());
    }
    Tensor x = scope.allocate(b.dtype(), b.shape());
    kernels.decomposition().solveTriangular(lower, transposed, b, x);
    return x;
  }

  /** Products with a centred matrix that is not stored. */
  public GramOps gram() {
    return new GramOps(kernels.gram(), scope, checks);
  }

  /** Uniform draws in [0, 1). */
  public Tensor uniform(RandomKey key, DType dtype, Shape shape) {
    Tensor out = scope.allocate(dtype, shape);
    kernels.random().uniform(key, out);
    return out;
  }

  /** Standard normal draws. */
  public Tensor normal(RandomKey key, DType dtype, Shape shape) {
    Tensor out = scope.allocate(dtype, shape);
    kernels.random().normal(key, out);
    return out;
  }

  /** {@code out[i, ...] = x[rows[i], ...]}. */
  public Tensor gatherRows(Tensor x, int[] rows) {
    checks.rank("gatherRows", x);
    OperandChecks.indices("gatherRows", rows, x.shape().dim(0));
    Tensor out = scope.allocate(x.dtype(), x.shape().with(0, rows.length));
    kernels.indexing().gatherRows(x, rows, out);
    return out;
  }

  /** {@code out[r, ...] = sum of x[i, ...] over rows[i] = r}, out with {@code count} rows. */
  public Tensor scatterAddRows(Tensor x, int[] rows, long count) {
    checks.rank("scatterAddRows", x);
    if (x.shape().dim(0) != rows.length) {
      throw new IllegalArgumentException(
          "scatterAddRows: " + x.shape() + " needs as many indices as rows, got " + rows.length);
    }
    OperandChecks.indices("scatterAddRows", rows, count);
    Tensor out = scope.allocate(x.dtype(), x.shape().with(0, count));
    kernels.indexing().scatterAddRows(x, rows, out);
    return out;
  }

  /** Tensors joined along an axis; they agree on all others. */
  public Tensor concat(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concat: needs at least one tensor");
    }
    Tensor first = parts.getFirst();
    long total = checks.concat(axis, parts);
    int a = first.shape().axis(axis);
    Tensor out = scope.allocate(first.dtype(), first.shape().with(a, total));
    long at = 0;
    for (Tensor p : parts) {
      kernels.elementwise().copy(p, out.slice(a, at, at + p.shape().dim(a)));
      at += p.shape().dim(a);
    }
    return out;
  }

  /** In place: one AdamW update of {@code parameter} and its moments. */
  public void adamW(AdamWStep settings, Tensor gradient, Tensor parameter, Tensor m, Tensor v) {
    checks.update("adamW", parameter, gradient, m, v);
    kernels.optimizer().adamW(settings, contiguous(gradient), parameter, m, v);
  }

  /** In place: one momentum update of {@code parameter} and its velocity. */
  public void momentum(
      double learningRate,
      double momentum,
      double weightDecay,
      boolean nesterov,
      Tensor gradient,
      Tensor parameter,
      Tensor velocity) {
    checks.update("momentum", parameter, gradient, velocity);
    kernels
        .optimizer()
        .momentum(
            learningRate,
            momentum,
            weightDecay,
            nesterov,
            contiguous(gradient),
            parameter,
            velocity);
  }

  private Tensor contiguous(Tensor x) {
    return x.isContiguous() ? x : copy(x);
  }

  private Tensor like(Tensor x) {
    return scope.allocate(x.dtype(), x.shape());
  }
}
