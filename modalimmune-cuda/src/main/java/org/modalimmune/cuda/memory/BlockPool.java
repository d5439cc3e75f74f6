package org.modalimmune.cuda.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unused blocks by size; the last one given back is the first one taken. */
final class BlockPool {
  private final List<ArrayDeque<Block>> bySize = new ArrayList<>(SizeClass.COUNT);

  BlockPool() {
    for (int i = 0; i < SizeClass.COUNT; i++) {
      bySize.add(new ArrayDeque<>(0));
    }
  }

  Optional<Block> take(int sizeClass) {
    return Optional.ofNullable(bySize.get(sizeClass).pollLast());
  }

  void put(Block block) {
    bySize.get(block.sizeClass()).addLast(block);
  }

  /** Takes all blocks out. */
  List<Block> drain() {
    List<Block> all = new ArrayList<>();
    for (ArrayDeque<Block> blocks : bySize) {
      all.addAll(blocks);
      blocks.clear();
    }
    return all;
  }
}
