package org.modalimmune.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modalimmune.evaluate.Report;
import org.modalimmune.io.AtomicFile;

/**
 * A report as one self-contained page: styles, scripts and numbers are inside, nothing is fetched.
 * The tables hold every figure without scripts; the charts are drawn by Apache ECharts.
 *
 * <p>Names come from user files, so every text is escaped where it enters the page, and a content
 * security policy lets no script run but the two whose hashes it names.
 */
public final class HtmlReport {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");

  private HtmlReport() {}

  /**
   * Writes the page: complete or not at all.
   *
   * @param report the report
   * @param file the file to create or replace
   * @throws org.modalimmune.io.DataException if the file cannot be written
   * @throws IOException if writing fails
   */
  public static void write(Report report, Path file) throws IOException {
    AtomicFile.writeString(file, toHtml(report));
  }

  /**
   * The page.
   *
   * @param report the report
   * @return the HTML document
   */
  public static String toHtml(Report report) {
    String library = resource("echarts/echarts.common.min.js");
    String script = resource("report.js");
    HtmlFacts facts = new HtmlFacts(report);
    HtmlTables tables = new HtmlTables(report);
    boolean ceilings =
        report.methods().stream()
            .flatMap(m -> m.patterns().stream())
            .anyMatch(p -> p.ceiling().isPresent());
    Map<String, String> parts =
        Map.ofEntries(
            Map.entry("script-hashes", hash(library) + " " + hash(script)),
            Map.entry("style", resource("report.css")),
            Map.entry("title", Html.escape(report.data().name())),
            Map.entry("subtitle", facts.subtitle()),
            Map.entry("notes", facts.notes()),
            Map.entry("summary", new HtmlSummary(report).render()),
            Map.entry("heat-map", new HeatMap(report).render()),
            Map.entry("ceiling", ceilings ? resource("ceiling.html") : ""),
            Map.entry("corruption-table", tables.corruptions()),
            Map.entry("curve-table", tables.curves()),
            Map.entry("ablation", new HtmlEffects(report).render()),
            Map.entry("comparisons", new HtmlComparisons(report).render()),
            Map.entry("reconstruction", tables.reconstruction()),
            Map.entry("severity", tables.severity()),
            Map.entry("learned", tables.learned()),
            Map.entry("methods", facts.methods()),
            Map.entry("data", facts.data()),
            Map.entry("environment", facts.environment()),
            Map.entry("chart-data", Html.scriptJson(new ChartData(report).toJson())),
            Map.entry("library", library),
            Map.entry("script", script));
    return fill(resource("report.html"), parts);
  }

  /** Fills the placeholders in one pass, so that a name such as {@code {{script}}} stays text. */
  private static String fill(String template, Map<String, String> parts) {
    Matcher matcher = PLACEHOLDER.matcher(template);
    StringBuilder page = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      String part = parts.get(matcher.group(1));
      if (part == null) {
        throw new IllegalStateException("report.html: nothing fills {{" + matcher.group(1) + "}}");
      }
      page.append(template, from, matcher.start()).append(part);
      from = matcher.end();
    }
    return page.append(template, from, template.length()).toString();
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource " + name + " is missing from the program; was it built with Maven?");
      }
      // HTML parsers read CR LF as LF; the hashes must be of what they see.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
