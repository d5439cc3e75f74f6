package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.modalimmune.cli.report.HtmlReport;
import org.modalimmune.cli.report.ReportJson;
import org.modalimmune.evaluate.Report;
import org.modalimmune.io.AtomicFile;
import org.modalimmune.io.DataException;

/** The folder into which a report goes; checked before work, created when there is something. */
final class OutputFolder {
  private static final String JSON = "report.json";
  private static final String HTML = "report.html";

  private final Path folder;

  /** Checks that the report can be written there later; leaves nothing behind. */
  OutputFolder(Path folder) {
    this.folder = folder;
    Path existing = folder.toAbsolutePath().normalize();
    if (Files.isDirectory(existing)) {
      AtomicFile.requireWritable(folder.resolve(JSON));
      AtomicFile.requireWritable(folder.resolve(HTML));
      return;
    }
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        throw new DataException("cannot write to '" + folder + "': the file system does not exist");
      }
      existing = parent;
    }
    if (!Files.isDirectory(existing)) {
      throw new DataException(
          "cannot write to '" + folder + "': '" + existing + "' is a file; choose another folder");
    }
    AtomicFile.requireNewFiles(existing, folder);
  }

  /** Writes both files, complete or not at all, and says where they are. */
  void write(Report report, PrintWriter out) throws IOException {
    // Both texts exist before either file does.
    String json = ReportJson.toJson(report);
    String html = HtmlReport.toHtml(report);
    Files.createDirectories(folder);
    AtomicFile.writeStrings(Map.of(folder.resolve(JSON), json, folder.resolve(HTML), html));
    out.println();
    out.println("Report: " + folder.resolve(HTML));
    out.println("Numbers: " + folder.resolve(JSON));
  }
}
