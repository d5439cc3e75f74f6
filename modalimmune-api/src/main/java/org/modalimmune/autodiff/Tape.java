package org.modalimmune.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Record of a computation and owner of its memory: everything computed on a tape is freed when the
 * tape, or the {@link Frame} it was computed in, is closed. For one thread at a time.
 *
 * <pre>{@code
 * try (Tape tape = new Tape(backend)) {
 *   Variable w = tape.leaf(weights);
 *   Variable loss = Reduction.sum(Elementwise.square(Matrix.matmul(tape.constant(x), w)));
 *   Tensor gradient = Gradients.of(loss, List.of(w)).getFirst().tensor();
 * }
 * }</pre>
 */
public final class Tape implements AutoCloseable {
  private final Backend backend;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final List<Variable> tracked = new ArrayList<>();
  private final IdentityHashMap<Tensor, Variable> leaves = new IdentityHashMap<>();
  private @Nullable Memory memory;
  private boolean recording = true;
  private boolean deferring;

  /** An empty tape on a backend. */
  public Tape(Backend backend) {
    this.backend = backend;
    frames.push(new Frame(0));
  }

  /** The backend that computes. */
  public Backend backend() {
    return backend;
  }

  /** Checked tensor operations whose results live as long as the innermost open frame. */
  public Ops ops() {
    return memory().ops;
  }

  /** The scope of the innermost open frame. */
  public Scope scope() {
    return memory().scope;
  }

  private Memory memory() {
    return memory == null ? innermost().memory : memory;
  }

  private Frame innermost() {
    Frame frame = frames.peek();
    if (frame == null) {
      throw new IllegalStateException("tape: used after close");
    }
    return frame;
  }

  /**
   * The variable that stands for {@code tensor}, a parameter say, and that gradients are taken with
   * respect to. The same tensor gives the same variable, or what {@link #bind} put in its place.
   */
  public Variable leaf(Tensor tensor) {
    Variable known = leaves.get(tensor);
    if (known != null) {
      return known;
    }
    requireOwn(tensor);
    Variable v = new Variable(this, tensor, tracked.size(), null, List.of());
    tracked.add(v);
    innermost().stand(tensor, v);
    return v;
  }

  /**
   * Lets {@code replacement} stand for {@code tensor} in later calls of {@link #leaf}: a model is
   * then evaluated at other parameter values, themselves differentiable. Closing the frame it is
   * called in brings back what stood for the tensor before.
   *
   * @throws IllegalArgumentException if shape or type differ or the replacement is on another tape
   */
  public void bind(Tensor tensor, Variable replacement) {
    if (replacement.tape() != this
        || !replacement.shape().equals(tensor.shape())
        || replacement.dtype() != tensor.dtype()) {
      throw new IllegalArgumentException(
          "bind: needs a variable of this tape with the tensor's shape and type: "
              + tensor
              + " by "
              + replacement);
    }
    requireLive(replacement);
    innermost().stand(tensor, replacement);
  }

  /** A variable without gradient. */
  public Variable constant(Tensor tensor) {
    requireOwn(tensor);
    return new Variable(this, tensor, Variable.UNTRACKED, null, List.of());
  }

  /** A scalar without gradient. */
  public Variable constant(double value, DType dtype) {
    return constant(ops().full(value, dtype, Shape.of()));
  }

  /**
   * Records one operation: a variable with this value, whose gradient flows to {@code inputs} by
   * {@code rule}. The way to add an operation of one's own.
   *
   * @param value computed by the caller, in this tape's {@link #scope()}
   */
  public Variable record(Tensor value, Rule rule, Variable... inputs) {
    boolean any = false;
    for (Variable in : inputs) {
      if (in.tape() != this) {
        throw new IllegalArgumentException(
            "tape: operand "
                + in
                + " is on another tape; compute everything of one gradient on one tape");
      }
      requireLive(in);
      any |= in.isTracked();
    }
    requireOwn(value);
    if (!recording || !any) {
      return new Variable(this, value, Variable.UNTRACKED, null, List.of());
    }
    Variable v = new Variable(this, value, tracked.size(), rule, List.of(inputs));
    tracked.add(v);
    return v;
  }

  /**
   * Records one operation of a walk whose results may never be looked at. While this tape defers,
   * the value is computed when it is asked for; its operands must keep theirs until then.
   */
  Variable record(Shape shape, DType dtype, Supplier<Tensor> value, Rule rule, Variable... inputs) {
    boolean any = false;
    for (Variable in : inputs) {
      any |= in.isTracked();
    }
    if (!deferring || !recording || !any) {
      return record(value.get(), rule, inputs);
    }
    Variable v = new Variable(this, shape, dtype, value, tracked.size(), rule, List.of(inputs));
    tracked.add(v);
    return v;
  }

  /** Switches deferring and returns what it was. */
  boolean setDeferring(boolean on) {
    boolean before = deferring;
    deferring = on;
    return before;
  }

  /**
   * Opens a frame: what is computed until it is closed is freed then, and forgotten by the tape.
   * Frames nest. Used to repeat a product on a kept graph at a flat footprint.
   */
  public Frame frame() {
    Frame f = new Frame(tracked.size());
    frames.push(f);
    return f;
  }

  /** A scope with the operations whose results go there. */
  private record Memory(Scope scope, Ops ops) {
    static Memory of(Backend backend) {
      Scope scope = backend.newScope();
      return new Memory(scope, backend.ops(scope));
    }
  }

  /** A stretch of a tape with memory of its own. */
  public final class Frame implements AutoCloseable {
    private final Memory memory;
    private final Set<Scope> passing = new LinkedHashSet<>();
    private final int start;
    private final Deque<Standing> before = new ArrayDeque<>();

    private Frame(int start) {
      this.memory = Memory.of(backend);
      this.start = start;
    }

    /** Lets {@code v} stand for {@code tensor} until this frame is closed. */
    private void stand(Tensor tensor, Variable v) {
      before.push(new Standing(tensor, leaves.put(tensor, v)));
    }

    /**
     * Frees what was computed in this frame.
     *
     * @throws IllegalStateException if it is not the innermost open frame
     */
    @Override
    public void close() {
      if (frames.peek() != this) {
        throw new IllegalStateException(
            "tape: frames must be closed innermost first, and once each");
      }
      frames.pop();
      tracked.subList(start, tracked.size()).clear();
      for (Standing s : before) {
        if (s.variable() == null) {
          leaves.remove(s.tensor());
        } else {
          leaves.put(s.tensor(), s.variable());
        }
      }
      free();
    }

    private void free() {
      passing.forEach(Scope::close);
      memory.scope.close();
    }
  }

  /** What stood for a tensor, if anything, before a frame put another variable in its place. */
  private record Standing(Tensor tensor, @Nullable Variable variable) {}

  /**
   * Checks that a variable is still on this tape: positions are used again after a frame is closed.
   *
   * @throws IllegalStateException if its frame or the tape is closed
   */
  @SuppressWarnings("ReferenceEquality") // a variable is a place on the tape, not a value
  void requireLive(Variable v) {
    innermost();
    if (v.isTracked() && (v.position() >= tracked.size() || tracked.get(v.position()) != v)) {
      throw new IllegalStateException(
          "tape: " + v + " was computed in a frame that has been closed; compute it again");
    }
  }

  /** Whether a variable's memory has not been freed, and its place on this tape is its own. */
  @SuppressWarnings("ReferenceEquality") // a variable is a place on the tape, not a value
  boolean isLive(Variable v) {
    return v.tensor().scope().isOpen()
        && (!v.isTracked() || (v.position() < tracked.size() && tracked.get(v.position()) == v));
  }

  /** Computes without recording, in the memory of the frame that {@code node} belongs to. */
  <T> T withMemoryOf(Variable node, Supplier<T> value) {
    Frame owner = innermost();
    for (Frame f : frames) {
      owner = f;
      if (f.start <= node.position()) {
        break;
      }
    }
    Memory before = memory;
    memory = owner.memory;
    try {
      return value.get();
    } finally {
      memory = before;
    }
  }

  /**
   * Computes with results in a scope of their own, in which the caller may release what it does not
   * need any more; what is left is freed with the innermost open frame.
   */
  void computeApart(Consumer<Scope> computation) {
    Frame owner = innermost();
    Memory apart = Memory.of(backend);
    owner.passing.add(apart.scope);
    Memory before = memory;
    memory = apart;
    try {
      computation.accept(apart.scope);
    } finally {
      memory = before;
      dropIfEmpty(apart.scope);
    }
  }

  /** Whether results go to another place than the innermost frame's memory. */
  boolean computesApart() {
    return memory != null;
  }

  /** Forgets a scope of {@link #computeApart} that holds nothing any more. */
  void dropIfEmpty(Scope apart) {
    if (apart.size() == 0 && innermost().passing.remove(apart)) {
      apart.close();
    }
  }

  boolean isRecording() {
    return recording;
  }

  /** Switches recording and returns what it was. */
  boolean setRecording(boolean on) {
    boolean before = recording;
    recording = on;
    return before;
  }

  Variable tracked(int position) {
    return tracked.get(position);
  }

  private void requireOwn(Tensor tensor) {
    tensor.storage();
    if (!tensor.scope().isOn(backend.allocator())) {
      throw new IllegalArgumentException(
          "tape: "
              + tensor
              + " lives on another device than this tape's "
              + backend.allocator().deviceName());
    }
  }

  /** Frees everything computed on this tape, all frames included. */
  @Override
  public void close() {
    if (frames.isEmpty()) {
      throw new IllegalStateException("tape: closed twice");
    }
    while (!frames.isEmpty()) {
      frames.pop().free();
    }
    tracked.clear();
    leaves.clear();
  }
}
