package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modalimmune.controller.LossGain;
import org.modalimmune.train.ControllerKind;
import org.modalimmune.train.ImmuneOptions;
import org.modalimmune.train.InterventionKind;
import org.modalimmune.train.MetaGroup;
import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Help explains every option, and shows the values that the library has. */
final class HelpTest {
  @Test
  void everyOptionIsExplainedWithItsDefault() {
    for (Map.Entry<String, CommandLine> command : Main.commandLine().getSubcommands().entrySet()) {
      for (OptionSpec option : command.getValue().getCommandSpec().options()) {
        String where = command.getKey() + " " + option.longestName();
        String text = String.join(" ", option.description());
        assertFalse(text.isBlank(), where);
        boolean takesValue = option.arity().max() > 0;
        if (takesValue && !option.required()) {
          assertTrue(text.contains("Default: "), where + " has no default in: " + text);
        }
      }
    }
  }

  @Test
  void defaultsAreThoseOfTheLibrary() {
    String help = CommandResult.of("compare", "--help").out().replaceAll("\\s+", " ");
    TrainingOptions training = TrainingOptions.ofEpochs(LoopArguments.EPOCHS);
    ImmuneOptions immune = ImmuneOptions.defaults();
    assertTrue(help.contains("at least 2. Default: " + training.batchSize()), help);
    assertTrue(help.contains("falls to 5 %. Default: " + training.learningRate()), help);
    assertTrue(help.contains("column, at least 0. Default: " + immune.noise().isotropic()), help);
    assertTrue(help.contains("is stronger. Default: " + immune.controller().temperature()), help);
  }

  @Test
  void choicesAreShownAsTheyAreTyped() {
    String help = CommandResult.of("compare", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("Default: [noise, shuffle, zero-input]"), help);
    assertTrue(help.contains("or none. Default: [none]"), help);
    assertFalse(help.contains("ZERO_INPUT") || help.contains("V_INFORMATION"), help);
    List<Enum<?>> choices = new ArrayList<>();
    choices.addAll(List.of(InterventionKind.values()));
    choices.addAll(List.of(MetaGroup.values()));
    choices.addAll(List.of(ControllerKind.values()));
    choices.addAll(List.of(LossGain.values()));
    String words = help.replaceAll("[^a-z0-9-]+", " ");
    for (Enum<?> choice : choices) {
      assertTrue(words.contains(" " + ChoiceNames.of(choice) + " "), choice + " is not in " + help);
    }
  }

  @Test
  void everyCommandPrintsItsHelpAndVersion() {
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      CommandResult help = CommandResult.of(name, "--help");
      assertEquals(0, help.code());
      assertTrue(help.out().startsWith("Usage: modalimmune " + name), help.out());
      CommandResult version = CommandResult.of(name, "--version");
      assertEquals(0, version.code());
      assertTrue(version.out().startsWith("modalimmune "), version.out());
    }
  }

  @Test
  void commandsForAModelNameOnlyTheFilesThatTheyRead() {
    for (String name : List.of("evaluate", "predict")) {
      String help = CommandResult.of(name, "--help").out().replaceAll("\\s+", " ");
      assertTrue(help.contains("A modality without a file, or a row whose cells are all"), help);
      assertTrue(help.contains("is a missing modality"), help);
      assertTrue(help.contains("<modality>_test.csv"), help);
      assertFalse(help.contains("_train.csv"), help);
      assertEquals(name.equals("evaluate"), help.contains("labels_test.csv"), help);
    }
    String training = CommandResult.of("train", "--help").out();
    assertTrue(training.contains("<modality>_train.csv"), training);
  }
}
