package org.modalimmune.cpu.vector;

import java.util.ArrayList;
import java.util.List;

/** Workspaces kept for the next call; never more of them than threads that ran at one time. */
final class Workspaces<P> {
  private final Tiles<P> tiles;

  // guarded by this
  private final List<Workspace<P>> free = new ArrayList<>();

  Workspaces(Tiles<P> tiles) {
    this.tiles = tiles;
  }

  /** One that no other thread has until it is given back. */
  synchronized Workspace<P> take() {
    return free.isEmpty() ? new Workspace<>(tiles) : free.removeLast();
  }

  synchronized void giveBack(Workspace<P> workspace) {
    free.add(workspace);
  }
}
