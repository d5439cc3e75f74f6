package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.evaluate.MethodPair;
import org.modalimmune.masking.MaskingPart;

class AblationTest {
  private static final Set<Operator> EVERY = EnumSet.allOf(Operator.class);

  /** Every operator on, nothing as by default. */
  private static final ImmuneOptions OWN =
      new ImmuneOptions(
          new ImmuneOptions.Noise(0.1, 0.7),
          new ImmuneOptions.Weights(0.3, 0.6, 0.4, 0.2, 0.05, 0.02),
          4,
          0.5,
          List.of(InterventionKind.SHRINK),
          ControllerOptions.defaults().withKind(ControllerKind.EXP3P).withTemperature(0.2),
          MaskingSettings.of(Set.of(MaskingPart.BUDGET)),
          HyperGradientOptions.defaults().adapting(Set.of(MetaGroup.WEIGHTS)));

  @Test
  void everySubsetHasItsOperatorsOnAndTheOthersOff() {
    for (ImmuneOptions given : List.of(OWN, ImmuneOptions.defaults())) {
      Ablation ablation = new Ablation(given, EVERY);
      assertEquals(16, ablation.methods().size());
      for (int s = 0; s < 16; s++) {
        for (int j = 0; j < 4; j++) {
          assertEquals(
              (s >> j & 1) == 1, ablation.factors().get(j).isOn(ablation.options(s)), "" + s);
        }
      }
    }
    assertEquals(OWN, new Ablation(OWN, EVERY).options(15));
  }

  @ParameterizedTest
  @EnumSource(Operator.class)
  void oneOperatorMovesNothingOfTheOthers(Operator operator) {
    ImmuneOptions off = operator.off(OWN);
    assertFalse(operator.isOn(off));
    assertEquals(off, operator.off(off));
    assertEquals(OWN, operator.on(OWN));
    assertEquals(operator == Operator.COLLAPSE, !off.noise().equals(OWN.noise()));
    assertEquals(operator == Operator.COLLAPSE, !off.weights().equals(OWN.weights()));
    assertEquals(operator == Operator.CONTROLLER, !off.controller().equals(OWN.controller()));
    assertEquals(operator == Operator.MASKING, !off.masking().equals(OWN.masking()));
    assertEquals(
        operator == Operator.HYPERGRADIENT, !off.hyperGradient().equals(OWN.hyperGradient()));
    assertEquals(OWN.patterns(), off.patterns());
    assertEquals(OWN.severity(), off.severity());
    assertEquals(OWN.interventions(), off.interventions());
    // Coming back by default leaves the others alone as well.
    ImmuneOptions on = operator.on(off);
    assertTrue(operator.isOn(on));
    for (Operator other : EnumSet.complementOf(EnumSet.of(operator))) {
      assertNotEquals(on, other.off(on));
      assertTrue(other.isOn(on));
    }
  }

  @Test
  void offIsWhatTheComparisonNeeds() {
    ImmuneOptions none = new Ablation(OWN, EVERY).options(0);
    // The noise of dropout-noise, and nothing that knows the spectrum.
    assertEquals(new ImmuneOptions.Noise(0.5, 0), none.noise());
    assertEquals(new ImmuneOptions.Weights(0.3, 0.6, 0.4, 0, 0.05, 0), none.weights());
    assertEquals(ControllerKind.UNIFORM, none.controller().kind());
    assertFalse(none.masking().isOn());
    assertFalse(none.hyperGradient().isOn());
    assertTrue(Methods.dropoutNoise().description().contains(" 0.5 standard deviations"));
  }

  @Test
  void whatIsOffByConfigurationTakesItsDefault() {
    ImmuneOptions bare = new Ablation(OWN, EVERY).options(0);
    ImmuneOptions all = new Ablation(bare, EVERY).options(15);
    ImmuneOptions defaults = ImmuneOptions.defaults();
    assertEquals(defaults.noise(), all.noise());
    assertEquals(defaults.interventions(), all.interventions());
    assertEquals(defaults.weights().silent(), all.weights().silent());
    assertEquals(defaults.weights().collapse(), all.weights().collapse());
    assertEquals(ControllerKind.HEDGE, all.controller().kind());
    assertEquals(0.2, all.controller().temperature());
    assertEquals(MaskingSettings.defaults(), all.masking());
    assertEquals(HyperGradientOptions.defaults(), all.hyperGradient());
    assertEquals(bare.weights().distillation(), all.weights().distillation());
  }

  @Test
  void whatIsNoFactorStaysAsItIs() {
    Ablation ablation = new Ablation(ImmuneOptions.defaults(), Set.of(Operator.CONTROLLER));
    assertEquals(ImmuneOptions.defaults(), ablation.options(1));
    assertFalse(ablation.options(1).masking().isOn());
    assertEquals(ImmuneOptions.defaults().noise(), ablation.options(0).noise());
  }

  @Test
  void namesAreShortAndInTheOrderOfTheDesign() {
    Ablation two = new Ablation(OWN, EnumSet.of(Operator.HYPERGRADIENT, Operator.COLLAPSE));
    assertEquals(List.of("none", "collapse", "hypergradient", "all"), two.design().runs());
    assertEquals(List.of("collapse", "hypergradient"), two.design().factors());
    Ablation four = new Ablation(OWN, EVERY);
    assertEquals(four.design().runs(), four.methods().stream().map(TrainingMethod::name).toList());
    assertEquals("collapse+controller", four.design().runs().get(3));
    assertEquals(
        List.of("none", "masking"),
        new Ablation(OWN, EnumSet.of(Operator.MASKING)).design().runs());
    for (int s = 0; s < 16; s++) {
      String description = four.methods().get(s).description();
      for (String factor : four.design().factors()) {
        boolean off =
            description.contains("; off: ") && description.split("; off: ", -1)[1].contains(factor);
        assertEquals(!four.design().on(s).contains(factor), off, description);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> new Ablation(OWN, Set.of()));
  }

  @Test
  void referencesAreComparedWithBothEnds() {
    Ablation ablation = new Ablation(OWN, EVERY);
    List<TrainingMethod> methods = new ArrayList<>(List.of(Methods.dropoutNoise()));
    methods.addAll(ablation.methods());
    assertEquals(
        List.of(
            new MethodPair("all", "none"),
            new MethodPair("all", "dropout-noise"),
            new MethodPair("none", "dropout-noise")),
        ablation.comparisons(methods));
    assertEquals(1, ablation.notes().size());
    assertTrue(new Ablation(OWN, Set.of(Operator.MASKING)).notes().isEmpty());
  }
}
