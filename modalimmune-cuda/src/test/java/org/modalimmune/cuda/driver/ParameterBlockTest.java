package org.modalimmune.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Packed parameters lie where a C compiler puts the fields of a structure. */
class ParameterBlockTest {
  /** Kinds of parameters. */
  enum Kind {
    INT,
    LONG,
    FLOAT,
    DOUBLE
  }

  // struct { int a; long long b; float c; double d; int e; float f; long long g; } in C on x86-64:
  // offsets 0, 8, 16, 24, 32, 36, 40.
  private static final StructLayout C_STRUCTURE =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_INT.withName("a"),
          MemoryLayout.paddingLayout(4),
          ValueLayout.JAVA_LONG.withName("b"),
          ValueLayout.JAVA_FLOAT.withName("c"),
          MemoryLayout.paddingLayout(4),
          ValueLayout.JAVA_DOUBLE.withName("d"),
          ValueLayout.JAVA_INT.withName("e"),
          ValueLayout.JAVA_FLOAT.withName("f"),
          ValueLayout.JAVA_LONG.withName("g"));

  @Test
  void liesLikeAStructureOfC() {
    ParameterBlock block = new ParameterBlock();
    block.add(1);
    block.add(2L);
    block.add(3f);
    block.add(4d);
    block.add(5);
    block.add(6f);
    block.add(7L);
    MemorySegment bytes = block.bytes();
    assertEquals(C_STRUCTURE.byteSize(), block.size());
    assertEquals(1, bytes.get(ValueLayout.JAVA_INT, offset("a")));
    assertEquals(2, bytes.get(ValueLayout.JAVA_LONG, offset("b")));
    assertEquals(3, bytes.get(ValueLayout.JAVA_FLOAT, offset("c")));
    assertEquals(4, bytes.get(ValueLayout.JAVA_DOUBLE, offset("d")));
    assertEquals(5, bytes.get(ValueLayout.JAVA_INT, offset("e")));
    assertEquals(6, bytes.get(ValueLayout.JAVA_FLOAT, offset("f")));
    assertEquals(7, bytes.get(ValueLayout.JAVA_LONG, offset("g")));
  }

  @Property(tries = 200)
  void everyParameterLiesBehindTheOneBeforeAtItsAlignment(@ForAll @Size(max = 60) Kind[] kinds) {
    ParameterBlock block = new ParameterBlock();
    int end = 0;
    for (int i = 0; i < kinds.length; i++) {
      add(block, kinds[i], i + 1);
      int size = kinds[i] == Kind.INT || kinds[i] == Kind.FLOAT ? 4 : 8;
      int start = block.size() - size;
      assertEquals(0, start % size, "alignment");
      assertEquals((end + size - 1) / size * size, start, "no gap but for alignment");
      assertEquals(i + 1, value(block.bytes(), kinds[i], start));
      end = block.size();
    }
  }

  @Test
  void holdsWhatADeviceTakesAndNoMore() {
    ParameterBlock block = new ParameterBlock();
    for (int i = 0; i < ParameterBlock.CAPACITY / Long.BYTES; i++) {
      block.add((long) i);
    }
    assertThrows(IllegalStateException.class, () -> block.add(0));
    block.reset();
    block.add(9);
    assertEquals(4, block.size());
  }

  private static long offset(String field) {
    return C_STRUCTURE.byteOffset(PathElement.groupElement(field));
  }

  private static void add(ParameterBlock block, Kind kind, int value) {
    switch (kind) {
      case INT -> block.add(value);
      case LONG -> block.add((long) value);
      case FLOAT -> block.add((float) value);
      case DOUBLE -> block.add((double) value);
    }
  }

  private static double value(MemorySegment bytes, Kind kind, long at) {
    return switch (kind) {
      case INT -> bytes.get(ValueLayout.JAVA_INT, at);
      case LONG -> bytes.get(ValueLayout.JAVA_LONG, at);
      case FLOAT -> bytes.get(ValueLayout.JAVA_FLOAT, at);
      case DOUBLE -> bytes.get(ValueLayout.JAVA_DOUBLE, at);
    };
  }
}
