package org.modalimmune.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.nn.LayerFixture;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Named tensors on disk: all of them come back to the bit, or none is touched. */
class TensorFileTest {
  @TempDir Path folder;

  private static Map<String, Tensor> tensors(LayerFixture f, DType dtype, long seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", f.normal(RandomKey.of(seed), dtype, 3, 2));
    tensors.put("a", f.normal(RandomKey.of(seed).fold(1), dtype, 4));
    tensors.put("scalar", f.normal(RandomKey.of(seed).fold(2), dtype));
    tensors.put("none", f.scope().zeros(dtype, Shape.of(0, 3)));
    return tensors;
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void valuesAndMetadataComeBack(DType dtype) throws IOException {
    try (LayerFixture f = new LayerFixture()) {
      Path file = folder.resolve("model.safetensors");
      Map<String, Tensor> saved = tensors(f, dtype, 1);
      TensorFile.save(file, saved, Map.of("config", "{\"width\": 64}"));
      Map<String, Tensor> loaded = tensors(f, dtype, 2);
      assertEquals(Map.of("config", "{\"width\": 64}"), TensorFile.load(file, loaded));
      assertEquals(Map.of("config", "{\"width\": 64}"), TensorFile.metadata(file));
      saved.forEach(
          (name, t) ->
              assertArrayEquals(t.toDoubleArray(), loaded.get(name).toDoubleArray(), name));
    }
  }

  @Test
  void aViewIsSavedInRowMajorOrder() throws IOException {
    try (LayerFixture f = new LayerFixture()) {
      Path file = folder.resolve("view.safetensors");
      Tensor t = f.normal(RandomKey.of(1), DType.FLOAT32, 2, 3);
      TensorFile.save(file, Map.of("t", t.transpose(0, 1)), Map.of());
      Tensor back = f.scope().zeros(DType.FLOAT32, Shape.of(3, 2));
      TensorFile.load(file, Map.of("t", back));
      assertArrayEquals(t.transpose(0, 1).toFloatArray(), back.toFloatArray());
    }
  }

  @Test
  void everyDifferenceIsNamedAndNothingTouched() throws IOException {
    try (LayerFixture f = new LayerFixture()) {
      Path file = folder.resolve("other.safetensors");
      Map<String, Tensor> saved = tensors(f, DType.FLOAT32, 1);
      saved.put("surplus", f.normal(RandomKey.of(3), DType.FLOAT32, 1));
      TensorFile.save(file, saved, Map.of());
      Map<String, Tensor> wanted = tensors(f, DType.FLOAT32, 2);
      wanted.put("absent", f.normal(RandomKey.of(4), DType.FLOAT32, 1));
      wanted.put("a", f.normal(RandomKey.of(5), DType.FLOAT32, 5));
      wanted.put("scalar", f.normal(RandomKey.of(6), DType.FLOAT64));
      Map<String, double[]> before = new LinkedHashMap<>();
      wanted.forEach((name, t) -> before.put(name, t.toDoubleArray()));
      String message =
          assertThrows(DataException.class, () -> TensorFile.load(file, wanted)).getMessage();
      assertTrue(message.contains("missing: absent"), message);
      assertTrue(message.contains("unexpected: surplus"), message);
      assertTrue(message.contains("a is F32[4], needed F32[5]"), message);
      assertTrue(message.contains("scalar is F32[], needed F64[]"), message);
      assertFalse(message.contains("none"), message);
      wanted.forEach((name, t) -> assertArrayEquals(before.get(name), t.toDoubleArray(), name));
    }
  }

  @Test
  void valuesThatAreNotFiniteAreRefusedBothWays() throws IOException {
    try (LayerFixture f = new LayerFixture()) {
      Path file = folder.resolve("nan.safetensors");
      Tensor bad = f.scope().of(Shape.of(2), 1, Float.NaN);
      String onSave =
          assertThrows(
                  DataException.class, () -> TensorFile.save(file, Map.of("bad", bad), Map.of()))
              .getMessage();
      assertTrue(onSave.contains("'bad'") && onSave.contains("NaN"), onSave);
      assertFalse(Files.exists(file));
      new SafetensorsWriter()
          .add("good", List.of(1L), new float[] {5})
          .add("bad", List.of(2L), new float[] {1, Float.POSITIVE_INFINITY})
          .write(file);
      Tensor good = f.scope().of(Shape.of(1), 3);
      Tensor other = f.scope().of(Shape.of(2), 1, 2);
      Map<String, Tensor> wanted = new LinkedHashMap<>();
      wanted.put("good", good);
      wanted.put("bad", other);
      assertThrows(DataException.class, () -> TensorFile.load(file, wanted));
      assertEquals(3, good.item());
      assertArrayEquals(new float[] {1, 2}, other.toFloatArray());
    }
  }

  @Test
  void aTruncatedFileTouchesNothing() throws IOException {
    try (LayerFixture f = new LayerFixture()) {
      Path file = folder.resolve("cut.safetensors");
      TensorFile.save(file, tensors(f, DType.FLOAT32, 1), Map.of());
      byte[] bytes = Files.readAllBytes(file);
      Map<String, Tensor> wanted = tensors(f, DType.FLOAT32, 2);
      double[] before = wanted.get("b").toDoubleArray();
      for (int length : new int[] {0, 7, 20, bytes.length - 1}) {
        Files.write(file, Arrays.copyOf(bytes, length));
        assertThrows(DataException.class, () -> TensorFile.load(file, wanted));
        assertArrayEquals(before, wanted.get("b").toDoubleArray());
      }
    }
  }

  @Test
  void aStridedTargetIsRefused() throws IOException {
    try (LayerFixture f = new LayerFixture()) {
      Path file = folder.resolve("strided.safetensors");
      Tensor t = f.normal(RandomKey.of(1), DType.FLOAT32, 2, 2);
      TensorFile.save(file, Map.of("t", t), Map.of());
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorFile.load(file, Map.of("t", t.transpose(0, 1))));
    }
  }
}
