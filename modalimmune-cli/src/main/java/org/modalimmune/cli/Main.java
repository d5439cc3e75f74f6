package org.modalimmune.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: it only leads to the others. */
@Command(
    name = "modalimmune",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    description = "Trains multimodal models that survive the loss of an input channel.",
    subcommands = {
      DemoCommand.class,
      CompareCommand.class,
      AblateCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      DoctorCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed for a reason inside the program or the machine",
      "2:wrong usage or unusable input; one line on standard error says what to do"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = Failures.STACK_TRACE,
      scope = ScopeType.INHERIT,
      description = "After a failure, also print where in the program it happened.")
  private boolean stackTrace;

  /** Made by the command line parser. */
  public Main() {
    this.spec = CommandSpec.create();
  }

  /**
   * Runs the program and ends the JVM with its exit code: 0 for success, 1 for a failure, 2 for
   * wrong usage.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    int code;
    try {
      code = commandLine().execute(arguments);
    } catch (OutOfMemoryError e) {
      System.err.println(
          "modalimmune: out of memory: "
              + e.getMessage()
              + "; use fewer --threads, or a larger heap: MODALIMMUNE_JAVA_OPTIONS=-Xmx8g");
      code = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(code);
  }

  /** The whole command line, ready to run; tests give it other writers. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler((error, arguments) -> refuse(error))
        .setExecutionExceptionHandler(new Failures());
  }

  /** Only the other commands do something, so their absence is wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Whether the command line of a command asks for stack traces. */
  static boolean wantsStackTrace(CommandLine command) {
    return command.getCommandSpec().root().userObject() instanceof Main main && main.stackTrace;
  }

  /** One line says what is wrong; the whole help would push it out of sight. */
  private static int refuse(ParameterException error) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + error.getMessage() + "; see " + name + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
