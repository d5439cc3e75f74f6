package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.modalimmune.train.ImmuneOptions;
import org.modalimmune.train.InterventionKind;
import org.modalimmune.train.MetaGroup;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The method's settings from the command line. */
final class ImmuneArgumentsTest {
  @Command
  private static final class Holder {
    @Mixin private ImmuneArguments immune = new ImmuneArguments();
  }

  private static ImmuneOptions of(String... arguments) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(arguments);
    return holder.immune.options();
  }

  @Test
  void nothingGivenIsTheLibrarysDefaults() {
    ImmuneOptions options = of();
    assertEquals(ImmuneOptions.defaults(), options);
    assertFalse(options.hyperGradient().isOn());
  }

  @Test
  void everyNameIsAccepted() {
    String groups =
        Arrays.stream(MetaGroup.values()).map(ChoiceNames::of).collect(Collectors.joining(","));
    assertEquals(
        EnumSet.allOf(MetaGroup.class), of("--hypergradient", groups).hyperGradient().adapted());
    String kinds =
        Arrays.stream(InterventionKind.values())
            .map(ChoiceNames::of)
            .collect(Collectors.joining(","));
    assertEquals(List.of(InterventionKind.values()), of("--interventions", kinds).interventions());
    assertEquals(
        List.of(InterventionKind.ZERO_INPUT, InterventionKind.OMIT),
        of("--interventions", "zero-input,omit").interventions());
    assertEquals(0.25, of("--collapse-loss", "0.25").weights().collapse());
  }

  @Test
  void noneIsNothing() {
    assertEquals(Set.of(), of("--hypergradient", "none").hyperGradient().adapted());
    ImmuneOptions bare = of("--interventions", "none");
    assertEquals(List.of(), bare.interventions());
    assertEquals(0, bare.weights().silent());
  }
}
