package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.modalimmune.backend.Availability;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.BackendProvider;
import org.modalimmune.backend.BackendUnavailableException;
import org.modalimmune.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what this machine offers and whether it computes correctly. */
@Command(
    name = "doctor",
    description = {
      "Lists every backend found, whether it can run here and why not, and tests those that can.",
      "Exit code 0 if at least one is usable and all usable ones compute correctly."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int MEBIBYTE = 1 << 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Look at this backend alone; an error if it cannot run. Default: all.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "T",
      description =
          "Threads to open backends with, at least 1. Default: all processors of this machine"
              + " (${DEFAULT-VALUE}).")
  private int threads = BackendOptions.defaults().threads();

  @Mixin private BackendSettings settings = new BackendSettings();

  /** Made by the command line parser. */
  DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    BackendOptions options = settings.options(name, threads);
    List<BackendProvider> providers =
        name.isPresent() ? List.of(Backends.provider(name.get())) : Backends.providers();
    if (name.isPresent()) {
      Availability availability = providers.getFirst().availability();
      if (!availability.usable()) {
        throw new BackendUnavailableException(
            "backend " + name.get() + ": " + availability.reason());
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    machine(out);
    boolean usable = false;
    boolean correct = true;
    for (BackendProvider provider : providers) {
      Availability availability = provider.availability();
      out.println("backend " + provider.name());
      if (!availability.usable()) {
        out.println("  not usable: " + availability.reason());
        continue;
      }
      out.println(
          "  usable" + (usable || name.isPresent() ? "" : ", used unless another is named"));
      out.println("  found:      " + availability.reason());
      usable = true;
      correct &= test(provider, options, out);
    }
    if (!usable) {
      out.println("no backend is usable; put a backend's jar on the path");
    }
    out.flush();
    return usable && correct ? 0 : spec.exitCodeOnExecutionException();
  }

  private static boolean test(BackendProvider provider, BackendOptions options, PrintWriter out) {
    try (Backend backend = UsageException.checked(() -> provider.open(options))) {
      out.println("  device:     " + backend.device());
      Optional<String> fault = SelfTest.run(backend);
      out.println("  self test:  " + fault.map(f -> "FAILED: " + f).orElse("passed"));
      return fault.isEmpty();
    } catch (BackendUnavailableException e) {
      out.println("  FAILED to open: " + e.getMessage());
      return false;
    }
  }

  private static void machine(PrintWriter out) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    out.println("modalimmune   " + ProgramVersion.program());
    out.println(
        "Java          "
            + Runtime.version()
            + ", "
            + System.getProperty("java.vm.name")
            + ", "
            + System.getProperty("java.home"));
    out.println(
        "system        "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    out.println("processors    " + runtime.availableProcessors());
    out.println(
        String.format(
            Locale.ROOT,
            "memory        %,d MiB in the machine, %,d MiB at most for the Java heap",
            MachineMemory.bytes() / MEBIBYTE,
            runtime.maxMemory() / MEBIBYTE));
  }
}
