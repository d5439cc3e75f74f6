package org.modalimmune.cpu.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A piece of native memory of one size class.
 *
 * @param segment the memory, aligned to 64 bytes
 * @param arena what frees it; shared with others if the block was cut from a slab
 * @param sizeClass index of its size
 * @param slab whether the block was cut from a slab, which lives as long as the allocator
 */
record Block(MemorySegment segment, Arena arena, int sizeClass, boolean slab) {}
