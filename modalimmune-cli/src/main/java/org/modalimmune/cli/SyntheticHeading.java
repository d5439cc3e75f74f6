package org.modalimmune.cli;

import java.io.PrintWriter;
import org.modalimmune.data.MultimodalDataset;
import picocli.CommandLine.Model.CommandSpec;

/** What a command that works on the embedded set says of it first. */
final class SyntheticHeading {
  private SyntheticHeading() {}

  static void print(MultimodalDataset synthetic, CommandSpec spec) {
    PrintWriter console = spec.commandLine().getOut();
    console.println(
        "Synthetic set: "
            + synthetic.schema().classNames().size()
            + " classes, modalities "
            + String.join(", ", synthetic.schema().modalityNames())
            + "; the ceiling is the accuracy of the Bayes rule.");
    console.println();
    console.flush();
  }
}
