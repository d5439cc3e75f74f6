package org.modalimmune.backend;

import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.tensor.Allocator;
import org.modalimmune.tensor.Scope;

/**
 * An opened backend: memory and kernels of one device. May be shared by threads as long as each
 * uses its own scopes.
 */
public interface Backend extends AutoCloseable {
  /** The provider's name. */
  String name();

  /** The device in words, such as {@code AVX-512, 2 threads} or a graphics card's name. */
  String device();

  /** The device's memory. */
  Allocator allocator();

  /** The kernels; call them through {@link Ops}, which checks the arguments. */
  Kernels kernels();

  /** A new, empty scope for tensors on this device. */
  default Scope newScope() {
    return new Scope(allocator());
  }

  /** Checked operations whose results go to {@code scope}. */
  default Ops ops(Scope scope) {
    return new Ops(this, scope);
  }

  /** Stops workers and gives all memory back, tensors in open scopes included. */
  @Override
  void close();
}
