package org.modalimmune.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private Path file;

  @BeforeEach
  @BeforeProperty
  void createFile() throws IOException {
    file = Files.createTempFile("tensors", ".safetensors");
  }

  @AfterEach
  @AfterProperty
  void deleteFile() throws IOException {
    Files.deleteIfExists(file);
  }

  /** A file as the format describes it, made without the writer. */
  private Path raw(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return Files.write(file, bytes.array());
  }

  @Test
  void readsAHandMadeFileOfEveryType() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"x\"},"
            + "\"half\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]},"
            + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[2,4]},"
            + "\"int\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[4,8]},"
            + "\"byte\":{\"dtype\":\"U8\",\"shape\":[1,2],\"data_offsets\":[8,10]},"
            + "\"none\":{\"dtype\":\"F64\",\"shape\":[0,3],\"data_offsets\":[10,10]},"
            + "\"long\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[10,18]}}  ";
    ByteBuffer data = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 0x3e00).putShort((short) 0xc040).putInt(-7);
    data.put((byte) 255).put((byte) 1).putLong(1L << 53 | 1);
    try (SafetensorsFile tensors = SafetensorsFile.open(raw(header, data.array()))) {
      assertEquals(Map.of("format", "x"), tensors.metadata());
      assertArrayEquals(new double[] {1.5}, tensors.readDoubles("half"));
      assertArrayEquals(new float[] {-3f}, tensors.readFloats("brain"));
      assertArrayEquals(new long[] {-7}, tensors.readLongs("int"));
      assertArrayEquals(new double[] {255, 1}, tensors.readDoubles("byte"));
      assertEquals(List.of(0L, 3L), tensors.entry("none").orElseThrow().shape());
      assertEquals(0, tensors.readDoubles("none").length);
      assertArrayEquals(new long[] {1L << 53 | 1}, tensors.readLongs("long"));
      assertThrows(DataException.class, () -> tensors.readLongs("half"));
      assertThrows(DataException.class, () -> tensors.readDoubles("absent"));
    }
  }

  @Property(tries = 25)
  void whatIsWrittenReadsBackBitByBit(
      @ForAll @Size(max = 5) List<@IntRange(max = 20_000) Integer> sizes, @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    SafetensorsWriter writer = new SafetensorsWriter().metadata("k\u00e9y", "{\"a\": 1}\n");
    List<double[]> expected = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      double[] values = random.doubles(sizes.get(i)).map(v -> 1e3 * v - 500).toArray();
      expected.add(values);
      writer.add("double " + i, List.of(1L, (long) values.length), values);
      writer.add("float \"" + i, List.of((long) values.length), toFloats(values));
    }
    writer.write(file);
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8);
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      assertEquals(Map.of("k\u00e9y", "{\"a\": 1}\n"), tensors.metadata());
      assertEquals(2 * sizes.size(), tensors.entries().size());
      for (int i = 0; i < sizes.size(); i++) {
        assertArrayEquals(expected.get(i), tensors.readDoubles("double " + i));
        assertArrayEquals(toFloats(expected.get(i)), tensors.readFloats("float \"" + i));
      }
    }
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void segmentsAndLongsGoThroughUnchanged() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(200_000);
      for (long i = 0; i < source.byteSize(); i++) {
        source.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31));
      }
      new SafetensorsWriter()
          .add("segment", StoredType.F32, List.of(50L, 1000L), source)
          .add("long", List.of(2L), new long[] {Long.MIN_VALUE, 3})
          .write(file);
      MemorySegment back = arena.allocate(200_000);
      try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
        tensors.copyTo("segment", back);
        assertEquals(-1, source.mismatch(back));
        assertArrayEquals(new long[] {Long.MIN_VALUE, 3}, tensors.readLongs("long"));
        assertThrows(DataException.class, () -> tensors.copyTo("long", back));
      }
    }
  }

  @Test
  void theWriterRefusesWhatCannotBeRead() {
    SafetensorsWriter writer = new SafetensorsWriter().add("a", List.of(1L), new float[1]);
    assertThrows(DataException.class, () -> writer.add("a", List.of(1L), new float[1]));
    assertThrows(DataException.class, () -> writer.add("b", List.of(2L), new float[1]));
    assertThrows(DataException.class, () -> writer.add("c", List.of(-1L, -1L), new float[1]));
    assertThrows(DataException.class, () -> writer.add("__metadata__", List.of(), new float[1]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32|[2]|[0,4]|needs 8 bytes",
        "F32|[1]|[4,8]|hole or overlap",
        "F32|[1]|[0,4]|4 bytes of data, the file holds 8",
        "F32|[4]|[0,16]|truncated",
        "F32|[4611686018427387904,4]|[0,16]|2^63",
        "F32|[-1]|[0,8]|at least 0",
        "F32|[1.5]|[0,8]|64-bit integer",
        "F32|[2]|[8,0]|needs 8 bytes",
        "F8_E4M3|[8]|[0,8]|not read",
        "F32|[2]|[0,8,9]|two data_offsets"
      })
  void aHeaderThatLiesIsRefused(String type, String shape, String offsets, String reason)
      throws IOException {
    String header =
        "{\"a\":{\"dtype\":\""
            + type
            + "\",\"shape\":"
            + shape
            + ",\"data_offsets\":"
            + offsets
            + "}}";
    raw(header, new byte[8]);
    DataException e = assertThrows(DataException.class, () -> SafetensorsFile.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
    assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()), e::getMessage);
  }

  @Test
  void overlapsAndUnknownMembersAreRefused() throws IOException {
    String entry = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    raw("{\"a\":" + entry + ",\"b\":" + entry + "}", new byte[4]);
    assertThrows(DataException.class, () -> SafetensorsFile.open(file));
    raw("{\"a\":" + entry + ",\"a\":" + entry + "}", new byte[4]);
    assertThrows(DataException.class, () -> SafetensorsFile.open(file));
    raw("{\"__metadata__\":{\"a\":1}}", new byte[0]);
    assertThrows(DataException.class, () -> SafetensorsFile.open(file));
    raw(" {}", new byte[0]);
    assertThrows(DataException.class, () -> SafetensorsFile.open(file));
  }

  @Test
  void aHugeStatedHeaderTakesNoMemory() throws IOException {
    for (long length : new long[] {-1, Long.MAX_VALUE, 100_000_001, 99_999_999, 9}) {
      ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Files.write(file, bytes.array());
      long before = allocated();
      assertThrows(DataException.class, () -> SafetensorsFile.open(file));
      assertTrue(allocated() - before < 10_000_000);
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** Reading must end in values or in the typed exception, and take memory for the file alone. */
  @Property(tries = 200)
  void damageIsNoticedOrHarmless(
      @ForAll @IntRange(max = 100_000) int cut,
      @ForAll @Size(max = 6) List<@IntRange(max = 100_000) Integer> flips)
      throws IOException {
    String header =
        "{\"__metadata__\":{\"config\":\"{}\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[3,5],\"data_offsets\":[0,60]},"
            + "\"b\":{\"dtype\":\"F64\",\"shape\":[5],\"data_offsets\":[60,100]}}";
    byte[] bytes = Files.readAllBytes(raw(header, new byte[100]));
    for (int flip : flips) {
      bytes[flip / 8 % bytes.length] ^= (byte) (1 << flip % 8);
    }
    boolean truncated = cut % 2 == 0;
    byte[] damaged = truncated ? Arrays.copyOf(bytes, cut / 2 % bytes.length) : bytes;
    Files.write(file, damaged);
    long before = allocated();
    boolean read = readsWhole();
    assertTrue(allocated() - before < 2_000_000, "took more memory than the file explains");
    assertTrue(!(truncated && flips.isEmpty() && read), "a truncated file was read");
  }

  private boolean readsWhole() throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      for (String name : tensors.entries().keySet()) {
        tensors.readDoubles(name);
      }
      return true;
    } catch (DataException e) {
      return false;
    }
  }
}
