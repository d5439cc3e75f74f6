package org.modalimmune.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.modalimmune.evaluate.Report;
import org.modalimmune.io.AtomicFile;
import org.modalimmune.io.DataException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads {@code report.json}, schema {@value Report#SCHEMA}, as described in {@code
 * spec/report.md}. Fields have a fixed order and doubles are written with the fewest digits that
 * read back to the same value, so equal reports give equal bytes. NaN and infinity are never
 * written.
 */
public final class ReportJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ReportJson() {}

  /**
   * Writes a report: complete or not at all.
   *
   * @param report the report
   * @param file the file to create or replace
   * @throws DataException if the file cannot be written
   * @throws IllegalArgumentException if a number of the report is not finite
   * @throws IOException if writing fails
   */
  public static void write(Report report, Path file) throws IOException {
    AtomicFile.writeString(file, toJson(report));
  }

  /**
   * The JSON text of a report.
   *
   * @param report the report
   * @return the text, ending in a line feed
   * @throws IllegalArgumentException if a number of the report is not finite
   */
  public static String toJson(Report report) {
    JsonNode tree = new ReportJsonWriter().report(report);
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    return MAPPER.writer().with(printer).writeValueAsString(tree) + "\n";
  }

  /**
   * Reads a report.
   *
   * @param file a {@code report.json}
   * @return the report
   * @throws DataException if the file is not a report of this schema; the message names the place
   * @throws IOException if reading fails
   */
  public static Report read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), file.toString());
    }
  }

  /**
   * Reads a report from text.
   *
   * @param json the text
   * @param source what to call it in messages
   * @return the report
   * @throws DataException if it is not a report of this schema
   */
  public static Report parse(String json, String source) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new DataException(
          source
              + ": not JSON at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage()
              + "; is the file cut short?",
          e);
    }
    return new ReportJsonReader().report(new JsonPlace(tree, source + ": "));
  }
}
