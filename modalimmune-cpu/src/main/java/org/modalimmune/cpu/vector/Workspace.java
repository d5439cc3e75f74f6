package org.modalimmune.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Packed parts of A and B, and one tile for the edges of C, of one thread. */
final class Workspace<P> {
  private final Panels<P> panels;
  private final MemorySegment edge;
  private P a;
  private P b;
  private int aElements;
  private int bElements;

  Workspace(Tiles<P> tiles) {
    panels = tiles.panels();
    long edgeElements = (long) Tiles.MAX_ROWS * tiles.width(tiles.main());
    edge = Arena.ofAuto().allocate(edgeElements * panels.size(), 64);
    a = panels.allocate(0);
    b = panels.allocate(0);
  }

  /** Room for {@code elements} of A; what was there is lost if there was less. */
  P a(int elements) {
    if (aElements < elements) {
      a = panels.allocate(elements);
      aElements = elements;
    }
    return a;
  }

  /** Room for {@code elements} of B; what was there is lost if there was less. */
  P b(int elements) {
    if (bElements < elements) {
      b = panels.allocate(elements);
      bElements = elements;
    }
    return b;
  }

  /** Room for any tile. */
  MemorySegment edge() {
    return edge;
  }
}
