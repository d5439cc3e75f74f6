package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.modalimmune.backend.BackendUnavailableException;
import org.modalimmune.io.DataException;
import org.modalimmune.optim.NonFiniteGradientException;
import org.modalimmune.tensor.OutOfDeviceMemoryException;
import org.modalimmune.train.TrainingDivergedException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns whatever ends a command early into one line and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  static final String STACK_TRACE = "--stacktrace";

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    boolean trace = Main.wantsStackTrace(command);
    boolean input = isInput(failure);
    String line = command.getCommandSpec().qualifiedName() + ": " + describe(failure, input);
    if (failure instanceof UsageException) {
      line += "; see " + command.getCommandSpec().qualifiedName() + " --help";
    } else if (!input && !trace) {
      line += "; " + STACK_TRACE + " shows where";
    }
    err.println(line);
    if (trace) {
      failure.printStackTrace(err);
    }
    err.flush();
    return input
        ? command.getCommandSpec().exitCodeOnInvalidInput()
        : command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** What the person who started the program can put right. */
  private static boolean isInput(Exception failure) {
    return failure instanceof UsageException
        || failure instanceof DataException
        || failure instanceof BackendUnavailableException
        || failure instanceof TrainingDivergedException
        || failure instanceof NonFiniteGradientException;
  }

  private static String describe(Exception failure, boolean input) {
    String message = String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    // An IOException of no special kind was worded for the reader: it names the file and the
    // reason.
    if (input
        || failure instanceof OutOfDeviceMemoryException
        || failure.getClass() == IOException.class) {
      return message;
    }
    return "failed: " + failure.getClass().getSimpleName() + ": " + message;
  }
}
