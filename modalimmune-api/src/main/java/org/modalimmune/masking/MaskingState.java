package org.modalimmune.masking;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the operator keeps between steps; immutable. {@link #toArrays} and {@link #ofArrays} are
 * inverse to each other, to the bit.
 *
 * @param step steps taken, from 0 to 2^53
 * @param blocks what each block keeps, by its name
 */
public record MaskingState(long step, Map<String, BlockState> blocks) {
  private static final String STEP = "step";
  private static final String AVERAGE = "fisher.average.";
  private static final String WEIGHT = "fisher.weight.";
  private static final String CURVATURE = "curvature.";

  /** Copies the map. */
  public MaskingState {
    if (step < 0 || step > 1L << 53) {
      throw new IllegalArgumentException("masking state: needs a step from 0 to 2^53, got " + step);
    }
    blocks = Map.copyOf(blocks);
    for (Map.Entry<String, BlockState> block : blocks.entrySet()) {
      if (block.getValue().curvature().map(c -> c.step() >= step).orElse(false)) {
        throw new IllegalArgumentException(
            "masking state: block " + block.getKey() + " was tested after step " + step);
      }
    }
  }

  /** Before the first step. */
  public static MaskingState initial() {
    return new MaskingState(0, Map.of());
  }

  /** What a block keeps; {@link BlockState#EMPTY} if it has not been seen. */
  public BlockState block(String name) {
    return blocks.getOrDefault(name, BlockState.EMPTY);
  }

  /**
   * The state as named arrays, for a checkpoint: {@code step} [1]; for a block b {@code
   * fisher.average.b} [n] and {@code fisher.weight.b} [1]; {@code curvature.b} [7], the components
   * of {@link CurvatureFinding} in order.
   */
  public SortedMap<String, double[]> toArrays() {
    SortedMap<String, double[]> arrays = new TreeMap<>();
    arrays.put(STEP, new double[] {step});
    blocks.forEach(
        (name, block) -> {
          block
              .fisher()
              .ifPresent(
                  f -> {
                    arrays.put(AVERAGE + name, f.average());
                    arrays.put(WEIGHT + name, new double[] {f.weight()});
                  });
          block.curvature().ifPresent(c -> arrays.put(CURVATURE + name, numbers(c)));
        });
    return Collections.unmodifiableSortedMap(arrays);
  }

  /**
   * The state that {@link #toArrays} gave.
   *
   * @throws IllegalArgumentException if an array is missing, unknown, or has a size or a value that
   *     it cannot have
   */
  public static MaskingState ofArrays(Map<String, double[]> arrays) {
    Map<String, BlockState> blocks = new TreeMap<>();
    for (String key : arrays.keySet()) {
      if (key.startsWith(AVERAGE)) {
        String name = key.substring(AVERAGE.length());
        double weight = array(arrays, WEIGHT + name, 1)[0];
        FisherAverage average = FisherAverage.of(array(arrays, key, -1), weight);
        blocks.merge(
            name,
            new BlockState(Optional.of(average), Optional.empty()),
            (old, added) -> new BlockState(added.fisher(), old.curvature()));
      } else if (key.startsWith(CURVATURE)) {
        CurvatureFinding finding = finding(key, array(arrays, key, 7));
        blocks.merge(
            key.substring(CURVATURE.length()),
            new BlockState(Optional.empty(), Optional.of(finding)),
            (old, added) -> new BlockState(old.fisher(), added.curvature()));
      } else if (key.startsWith(WEIGHT)) {
        array(arrays, AVERAGE + key.substring(WEIGHT.length()), -1);
      } else if (!key.equals(STEP)) {
        throw new IllegalArgumentException("masking state: unknown array " + key);
      }
    }
    return new MaskingState(whole(STEP, array(arrays, STEP, 1)[0], 1L << 53), blocks);
  }

  private static double[] numbers(CurvatureFinding c) {
    return new double[] {
      c.threshold(),
      c.smallestRitz(),
      c.rounding(),
      c.lower(),
      c.failureProbability(),
      c.products(),
      c.step()
    };
  }

  private static CurvatureFinding finding(String key, double[] n) {
    return new CurvatureFinding(
        n[0],
        n[1],
        n[2],
        n[3],
        n[4],
        (int) whole(key, n[5], Integer.MAX_VALUE),
        whole(key, n[6], 1L << 53));
  }

  private static double[] array(Map<String, double[]> arrays, String key, int size) {
    double[] values = arrays.get(key);
    if (values == null || (size >= 0 && values.length != size)) {
      throw new IllegalArgumentException(
          "masking state: "
              + key
              + (values == null
                  ? " is missing"
                  : " must have " + size + " values, got " + values.length));
    }
    return values;
  }

  private static long whole(String key, double value, long largest) {
    if (!(value >= 0 && value <= largest && value == Math.rint(value))) {
      throw new IllegalArgumentException(
          "masking state: "
              + key
              + " must hold a whole number from 0 to "
              + largest
              + ", got "
              + value);
    }
    return (long) value;
  }
}
