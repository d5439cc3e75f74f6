package org.modalimmune.cpu.memory;

import java.util.Arrays;
import java.util.Optional;

/** Stack of unused blocks of one size; the last one given back is the first one taken. */
final class FreeList {
  private Block[] blocks = new Block[0];
  private int count;

  synchronized Optional<Block> pop() {
    return count == 0 ? Optional.empty() : Optional.of(blocks[--count]);
  }

  synchronized void push(Block block) {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(8, 2 * count));
    }
    blocks[count++] = block;
  }
}
