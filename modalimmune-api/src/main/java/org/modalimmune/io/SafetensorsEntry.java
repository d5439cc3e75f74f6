package org.modalimmune.io;

import java.util.List;

/**
 * One tensor of a safetensors file: what the header says about it, checked.
 *
 * @param name the tensor's name
 * @param type the element type
 * @param shape the sizes, outermost first; empty for a scalar
 * @param begin first byte, counted from the start of the data section
 * @param end one past the last byte; {@code end - begin} = product of the shape times the type's
 *     size
 */
public record SafetensorsEntry(
    String name, StoredType type, List<Long> shape, long begin, long end) {
  /** Copies the shape. */
  public SafetensorsEntry {
    shape = List.copyOf(shape);
  }

  /**
   * Number of elements.
   *
   * @return the product of the shape; 1 for a scalar
   */
  public long elements() {
    return (end - begin) / type.size();
  }

  /**
   * Number of bytes.
   *
   * @return elements times the type's size
   */
  public long bytes() {
    return end - begin;
  }
}
