package org.modalimmune.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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

class NpyTest {
  private Path file;

  @BeforeEach
  @BeforeProperty
  void createFile() throws IOException {
    file = Files.createTempFile("array", ".npy");
  }

  @AfterEach
  @AfterProperty
  void deleteFile() throws IOException {
    Files.deleteIfExists(file);
  }

  private static byte[] npy(int major, String literal, byte[] data) {
    byte[] header = literal.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + (major == 1 ? 2 : 4) + header.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) major).put((byte) 0);
    if (major == 1) {
      bytes.putShort((short) header.length);
    } else {
      bytes.putInt(header.length);
    }
    return bytes.put(header).put(data).array();
  }

  @Property(tries = 25)
  void whatIsWrittenReadsBackBitByBit(
      @ForAll @IntRange(max = 150) int rows,
      @ForAll @IntRange(max = 150) int columns,
      @ForAll long seed)
      throws IOException {
    double[] values = new Random(seed).doubles((long) rows * columns).toArray();
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
      values[i] -= 0.5;
    }
    NpyWriter.write(file, List.of((long) rows, (long) columns), values);
    NpyArray array = NpyReader.read(file);
    assertEquals(List.of((long) rows, (long) columns), array.shape());
    assertArrayEquals(values, array.toDoubles());
    NpyWriter.write(file, List.of((long) floats.length), floats);
    double[] back = NpyReader.read(file).toDoubles();
    for (int i = 0; i < floats.length; i++) {
      assertEquals(floats[i], back[i]);
    }
  }

  @Test
  void theWriterAlignsTheDataTo64BytesAndRefusesWrongSizes() throws IOException {
    NpyWriter.write(file, List.of(3L), new double[3]);
    assertEquals(128 + 24, Files.size(file));
    assertThrows(DataException.class, () -> NpyWriter.write(file, List.of(2L), new double[3]));
    assertThrows(
        DataException.class, () -> NpyWriter.write(file, List.of(-1L, -3L), new double[3]));
  }

  @Property(tries = 100)
  void everyOrderAndVersionGivesTheSameNumbers(
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll @IntRange(min = 1, max = 3) int version,
      @ForAll boolean fortran,
      @ForAll boolean big)
      throws IOException {
    ByteBuffer data =
        ByteBuffer.allocate(4 * rows * columns)
            .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    double[] expected = new double[rows * columns];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = i - 3;
      int stored = fortran ? (i % columns) * rows + i / columns : i;
      data.putInt(4 * stored, i - 3);
    }
    String literal =
        "{\"shape\": ("
            + rows
            + ","
            + columns
            + "), 'fortran_order':"
            + (fortran ? "True" : "False")
            + ", 'descr': '"
            + (big ? ">" : "<")
            + "i4'}\n";
    Files.write(file, npy(version, literal, data.array()));
    NpyArray array = NpyReader.read(file);
    assertArrayEquals(expected, array.toDoubles());
    assertArrayEquals(Arrays.stream(expected).mapToLong(v -> (long) v).toArray(), array.toLongs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)};pickled",
        "{'descr': '<c16', 'fortran_order': False, 'shape': (1,)};not read",
        "{'descr': '<f3', 'fortran_order': False, 'shape': (1,)};not read",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)};structured",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)};truncated",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()} x;after the dictionary",
        "{'descr': '<f8', 'fortran_order': False};all needed",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)};True or False",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)};integer",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)};2^63",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)};twice",
        "[];expected (at character 0)"
      })
  void aHeaderThatCannotBeReadIsRefused(String literal, String reason) throws IOException {
    Files.write(file, npy(1, literal, new byte[8]));
    DataException e = assertThrows(DataException.class, () -> NpyReader.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
  }

  private Path golden() throws IOException {
    try (InputStream in = NpyTest.class.getResourceAsStream("golden.npz.base64")) {
      return Files.write(file, Base64.getMimeDecoder().decode(in.readAllBytes()));
    }
  }

  @Test
  void readsWhatNumPyWrote() throws IOException {
    try (NpzFile npz = NpzFile.open(golden())) {
      assertEquals(9, npz.names().size());
      assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, npz.read("fortran").toDoubles());
      assertEquals(List.of("a", "zw\u00f6lf", ""), npz.read("text").toStrings());
      assertEquals(List.of("xy", "z"), npz.read("byte").toStrings());
      assertArrayEquals(new long[] {1, 0}, npz.read("flags").toLongs());
      // Above 2^63 the spacing of doubles is 2^11, and one above rounds down to it.
      assertArrayEquals(new double[] {0x1p63 + 0x1p11}, npz.read("big").toDoubles());
      assertThrows(DataException.class, () -> npz.read("big").toLongs());
      double[] count = new double[24];
      Arrays.setAll(count, i -> i);
      assertArrayEquals(count, npz.read("cube").toDoubles());
      assertEquals(List.of(), npz.read("scalar").shape());
      assertArrayEquals(new double[] {2.5}, npz.read("scalar").toDoubles());
      assertThrows(DataException.class, () -> npz.read("objects"));
      assertThrows(DataException.class, () -> npz.read("complex"));
      assertThrows(DataException.class, () -> npz.read("text").toDoubles());
      assertThrows(DataException.class, () -> npz.read("absent"));
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Property(tries = 200)
  void damageToAnArrayIsNoticedOrHarmless(
      @ForAll @IntRange(max = 10_000) int cut,
      @ForAll @Size(max = 6) List<@IntRange(max = 100_000) Integer> flips)
      throws IOException {
    byte[] bytes =
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (5, 2), }\n", new byte[80]);
    for (int flip : flips) {
      bytes[flip / 8 % bytes.length] ^= (byte) (1 << flip % 8);
    }
    boolean truncated = cut % 2 == 0;
    Files.write(file, truncated ? Arrays.copyOf(bytes, cut / 2 % bytes.length) : bytes);
    long before = allocated();
    boolean read = true;
    try {
      NpyReader.read(file).toDoubles();
    } catch (DataException e) {
      read = false;
    }
    assertTrue(allocated() - before < 2_000_000, "took more memory than the file explains");
    assertTrue(!(truncated && flips.isEmpty() && read), "a truncated file was read");
  }

  @Property(tries = 200)
  void damageToAnArchiveIsNoticedOrHarmless(
      @ForAll @IntRange(max = 10_000) int cut,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 100_000) Integer> flips)
      throws IOException {
    byte[] bytes = Files.readAllBytes(golden());
    for (int flip : flips) {
      bytes[flip / 8 % bytes.length] ^= (byte) (1 << flip % 8);
    }
    Files.write(file, cut % 2 == 0 ? Arrays.copyOf(bytes, cut / 2 % bytes.length) : bytes);
    long before = allocated();
    try (NpzFile npz = NpzFile.open(file)) {
      for (String name : npz.names()) {
        readAny(npz, name);
      }
    } catch (DataException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(file.toString()));
    }
    assertTrue(allocated() - before < 20_000_000, "took more memory than the file explains");
  }

  private static void readAny(NpzFile npz, String name) throws IOException {
    try {
      NpyArray array = npz.read(name);
      switch (array.type().kind()) {
        case BYTES, UNICODE -> array.toStrings();
        default -> array.toDoubles();
      }
    } catch (DataException e) {
      assertTrue(!String.valueOf(e.getMessage()).isEmpty());
    }
  }

  @Test
  void anArchiveThatExpandsWithoutBoundIsNotUnpacked() throws IOException {
    byte[] bomb = npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1000,)}", new byte[0]);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(bomb);
      for (int i = 0; i < 100; i++) {
        zip.write(new byte[1 << 20]);
      }
    }
    long before = allocated();
    try (NpzFile npz = NpzFile.open(file)) {
      DataException e = assertThrows(DataException.class, () -> npz.read("a"));
      assertTrue(String.valueOf(e.getMessage()).contains("8000 bytes of data"), e::getMessage);
    }
    assertTrue(allocated() - before < 10_000_000);
  }
}
