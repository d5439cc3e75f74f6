package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskingStateTest {
  private static final MaskingState STATE =
      new MaskingState(
          17,
          Map.of(
              "fisher.average.a",
              new BlockState(
                  Optional.of(FisherAverage.of(new double[] {0.1, 0}, 0.3)),
                  Optional.of(new CurvatureFinding(0.1, -0.5, 1e-9, -0.75, 1e-3, 12, 10))),
              "b",
              new BlockState(Optional.of(FisherAverage.of(new double[0], 1)), Optional.empty()),
              "c",
              new BlockState(
                  Optional.empty(), Optional.of(new CurvatureFinding(0, 1, 0, 1, 0, 1, 0)))));

  @Test
  void arraysAreExact() {
    Map<String, double[]> arrays = STATE.toArrays();
    assertEquals(
        Set.of(
            "step",
            "fisher.average.fisher.average.a",
            "fisher.weight.fisher.average.a",
            "curvature.fisher.average.a",
            "fisher.average.b",
            "fisher.weight.b",
            "curvature.c"),
        arrays.keySet());
    MaskingState again = MaskingState.ofArrays(arrays);
    assertEquals(STATE.step(), again.step());
    assertEquals(STATE.blocks().keySet(), again.blocks().keySet());
    STATE
        .blocks()
        .forEach(
            (name, block) -> {
              assertEquals(block.curvature(), again.block(name).curvature());
              assertEquals(block.fisher().isPresent(), again.block(name).fisher().isPresent());
              block
                  .fisher()
                  .ifPresent(
                      f -> {
                        FisherAverage g = again.block(name).fisher().orElseThrow();
                        assertArrayEquals(f.average(), g.average());
                        assertEquals(f.weight(), g.weight());
                      });
            });
    assertEquals(BlockState.EMPTY, again.block("d"));
  }

  @Test
  void damagedArraysAreRefused() {
    refused("step", null);
    refused("step", new double[] {0.5});
    refused("step", new double[] {-1});
    refused("step", new double[] {0x1p60});
    refused("step", new double[] {9});
    refused("fisher.weight.b", null);
    refused("fisher.weight.b", new double[] {0});
    refused("fisher.average.b", null);
    refused("fisher.average.b", new double[] {Double.NaN});
    refused("fisher.average.b", new double[] {-1});
    refused("curvature.c", new double[6]);
    refused("curvature.c", new double[] {0, 1, 0, 1, 0, 0x1p40, 0});
    refused("curvature.c", new double[] {0, 1, 0, 2, 0, 1, 0});
    refused("something", new double[1]);
  }

  private static void refused(String key, double[] values) {
    Map<String, double[]> arrays = new HashMap<>(STATE.toArrays());
    if (values == null) {
      arrays.remove(key);
    } else {
      arrays.put(key, values);
    }
    assertThrows(IllegalArgumentException.class, () -> MaskingState.ofArrays(arrays), key);
  }

  @Test
  void partsByName() {
    assertEquals(Set.of(), MaskingPart.parse("none"));
    assertEquals(EnumSet.allOf(MaskingPart.class), MaskingPart.parse("all"));
    assertEquals(Set.of(MaskingPart.BUDGET), MaskingPart.parse("budget"));
    assertEquals(
        Set.of(MaskingPart.FISHER, MaskingPart.FREEZE), MaskingPart.parse("freeze, fisher"));
    for (String wrong : new String[] {"", "Fisher", "fisher,", "all,fisher", "freeze,freeze"}) {
      assertThrows(IllegalArgumentException.class, () -> MaskingPart.parse(wrong), wrong);
    }
    MaskingOptions options = MaskingOptions.of(MaskingPart.parse("freeze"));
    assertTrue(
        options.fisher().isEmpty() && options.freeze().isPresent() && options.budget().isEmpty());
  }
}
