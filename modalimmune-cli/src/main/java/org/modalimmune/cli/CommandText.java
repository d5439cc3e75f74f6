package org.modalimmune.cli;

import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line of a running command as text for its report. */
final class CommandText {
  /** These change no figure, so equal figures come with equal text. */
  private static final Set<String> LEFT_OUT = Set.of("--threads", "--out", Failures.STACK_TRACE);

  private CommandText() {}

  static String of(CommandSpec spec) {
    StringBuilder text = new StringBuilder(spec.qualifiedName());
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (LEFT_OUT.contains(option.longestName())) {
        continue;
      }
      text.append(' ').append(option.longestName());
      List<String> values = option.originalStringValues();
      if (option.arity().max() > 0) {
        values.forEach(v -> text.append(' ').append(quote(v)));
      }
    }
    return text.toString();
  }

  /** Quotes for a POSIX shell where needed. */
  private static String quote(String value) {
    return value.matches("[A-Za-z0-9_./,:=@%+-]+")
        ? value
        : "'" + value.replace("'", "'\\''") + "'";
  }
}
