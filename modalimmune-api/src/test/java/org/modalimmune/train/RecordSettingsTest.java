package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.modalimmune.masking.MaskingPart;

class RecordSettingsTest {
  /** Of every kind that settings may have. */
  public record Outer(
      int count,
      double rate,
      boolean on,
      String name,
      MetaGroup choice,
      Set<MetaGroup> groups,
      List<Integer> order,
      Optional<Inner> some,
      Optional<Inner> none,
      Inner inner) {}

  /** A record within. */
  public record Inner(long value) {}

  /** Has what cannot be told. */
  public record Strange(Object thing) {}

  @Test
  void everyComponentIsNamedByItsPath() {
    Outer outer =
        new Outer(
            3,
            0.1,
            true,
            "a",
            MetaGroup.DECAY,
            Set.of(MetaGroup.WEIGHTS, MetaGroup.NOISE, MetaGroup.DECAY),
            List.of(2, 1),
            Optional.of(new Inner(4)),
            Optional.empty(),
            new Inner(5));
    Map<String, String> expected =
        Map.ofEntries(
            Map.entry("count", "3"),
            Map.entry("rate", "0.1"),
            Map.entry("on", "true"),
            Map.entry("name", "a"),
            Map.entry("choice", "DECAY"),
            Map.entry("groups", "[DECAY, NOISE, WEIGHTS]"),
            Map.entry("order", "[2, 1]"),
            Map.entry("some", "Inner"),
            Map.entry("some.value", "4"),
            Map.entry("none", "none"),
            Map.entry("inner", "Inner"),
            Map.entry("inner.value", "5"));
    assertEquals(expected, RecordSettings.of(outer));
  }

  @Test
  void settingsThatDifferInTheLastBitDiffer() {
    double rate = 2e-3;
    TrainingOptions one = TrainingOptions.ofEpochs(3);
    TrainingOptions other =
        new TrainingOptions(3, 128, Math.nextUp(rate), 0.05, 1e-2, ModelOptions.defaults());
    assertNotEquals(RecordSettings.of(one), RecordSettings.of(other));
    assertEquals(RecordSettings.of(one), RecordSettings.of(TrainingOptions.ofEpochs(3)));
  }

  @Test
  void everySettingOfTheImmuneMethodCanBeTold() {
    ImmuneOptions d = ImmuneOptions.defaults();
    ImmuneOptions all =
        new ImmuneOptions(
            d.noise(),
            d.weights(),
            d.patterns(),
            d.severity(),
            d.interventions(),
            d.controller(),
            MaskingSettings.of(EnumSet.allOf(MaskingPart.class)),
            d.hyperGradient().adapting(EnumSet.allOf(MetaGroup.class)));
    Map<String, String> texts = RecordSettings.of(all);
    assertEquals("0.3", texts.get("noise.isotropic"));
    assertEquals("[NOISE, SHUFFLE, ZERO_INPUT]", texts.get("interventions"));
    assertEquals("FisherOptions", texts.get("masking.options.fisher"));
  }

  @Test
  void whatCannotBeToldIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> RecordSettings.of(new Strange(new Object())));
  }
}
