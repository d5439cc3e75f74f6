package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.modalimmune.evaluate.Comparison;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.RobustSummary;
import org.modalimmune.evaluate.Summary;

/** A report as text of at most {@value #WIDTH} columns. */
public final class TerminalTable {

  /** The most columns a line takes. */
  public static final int WIDTH = 100;

  /** Up to this many patterns each has its line; the page and the JSON file hold them all. */
  private static final int MAX_PATTERN_LINES = 15;

  private final TerminalStyle style;

  /**
   * A renderer.
   *
   * @param style what the output understands
   */
  public TerminalTable(TerminalStyle style) {
    this.style = style;
  }

  /**
   * Renders a report.
   *
   * @param report the report
   * @return lines separated by line feeds, the last one ended by one
   */
  public String render(Report report) {
    List<String> lines = new ArrayList<>();
    if (report.ablation().isPresent()) {
      new TerminalEffects(style, report, report.ablation().get())
          .sections()
          .forEach(section -> section(lines, section));
      comparisons(report, lines);
      notes(report, lines);
      return String.join("\n", lines) + "\n";
    }
    heading(lines, "Accuracy, % " + seeds(report));
    lines.addAll(summary(report, RobustSummary::accuracy, m -> m.full().accuracy(), true));
    lines.add("");
    heading(lines, "Balanced accuracy, % " + seeds(report));
    lines.addAll(
        summary(report, RobustSummary::balancedAccuracy, m -> m.full().balancedAccuracy(), false));
    patterns(report, lines);
    comparisons(report, lines);
    notes(report, lines);
    return String.join("\n", lines) + "\n";
  }

  private void section(List<String> lines, TerminalEffects.Section section) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    heading(lines, section.heading());
    lines.addAll(section.grid().lines(WIDTH));
  }

  private static void notes(Report report, List<String> lines) {
    for (String note : report.notes()) {
      lines.add("");
      lines.addAll(wrap("Note: " + note));
    }
  }

  private String seeds(Report report) {
    int seeds = report.methods().stream().mapToInt(MethodReport::seeds).max().orElse(0);
    return seeds > 1
        ? "(mean " + style.plusMinus() + " half the 95 % interval over " + seeds + " seeds)"
        : "(one seed: no interval)";
  }

  private List<String> summary(
      Report report,
      Function<RobustSummary, Summary> metric,
      Function<MethodReport, Summary> full,
      boolean withCeiling) {
    TextGrid grid = new TextGrid(1);
    grid.row(List.of("method", "full", "mean", "worst", "silent", "noise", "shuffle"));
    for (MethodReport method : report.methods()) {
      grid.row(
          List.of(
              method.name(),
              cell(Optional.of(full.apply(method))),
              cell(method.robustMean().map(metric)),
              cell(method.robustWorst().map(metric)),
              cell(method.silentMean().map(metric)),
              cell(method.noiseMean().map(metric)),
              cell(method.shuffleMean().map(metric))));
    }
    if (withCeiling) {
      CeilingFigures.of(report)
          .ifPresent(
              c ->
                  grid.row(
                      List.of(
                          "(ceiling)",
                          ReportNumbers.percent(c.full()),
                          ReportNumbers.percent(c.mean()),
                          ReportNumbers.percent(c.worst()))));
    }
    return grid.lines(WIDTH);
  }

  private void patterns(Report report, List<String> lines) {
    if (report.methods().isEmpty()) {
      return;
    }
    List<PatternResult> patterns = report.methods().getFirst().patterns();
    if (patterns.size() < 2 || patterns.size() > MAX_PATTERN_LINES) {
      return;
    }
    boolean ceilings = patterns.stream().anyMatch(p -> p.ceiling().isPresent());
    TextGrid grid = new TextGrid(1);
    List<String> head = new ArrayList<>(List.of("present (told)"));
    report.methods().forEach(m -> head.add(m.name()));
    if (ceilings) {
      head.add("ceiling");
    }
    grid.row(head);
    for (PatternResult pattern : patterns) {
      List<String> row = new ArrayList<>(List.of(String.join("+", pattern.present())));
      for (MethodReport method : report.methods()) {
        row.add(cell(PatternLookup.told(method, pattern.present())));
      }
      if (ceilings) {
        row.add(
            pattern.ceiling().isPresent()
                ? ReportNumbers.percent(pattern.ceiling().getAsDouble())
                : "-");
      }
      grid.row(row);
    }
    lines.add("");
    heading(lines, "Accuracy per pattern of present modalities, %");
    lines.addAll(grid.lines(WIDTH));
  }

  private void comparisons(Report report, List<String> lines) {
    if (report.comparisons().isEmpty()) {
      return;
    }
    TextGrid grid = new TextGrid(3);
    grid.row(List.of("method", "against", "figure", "difference", "95 % interval", "corrected p"));
    for (Comparison c : report.comparisons()) {
      grid.row(
          List.of(
              c.method(),
              c.against(),
              FigureNames.of(c.metric()),
              ReportNumbers.points(c.difference().mean()),
              c.ci95().map(ReportNumbers::points).orElse("-"),
              ReportNumbers.p(c.correctedP())));
    }
    lines.add("");
    heading(lines, "Accuracy, paired differences, percentage points (method minus the other)");
    lines.addAll(grid.lines(WIDTH));
  }

  private String cell(Optional<Summary> summary) {
    return summary.map(s -> ReportNumbers.percent(s, style.plusMinus())).orElse("-");
  }

  private void heading(List<String> lines, String text) {
    lines.add(style.bold() ? "\u001b[1m" + text + "\u001b[0m" : text);
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : TextGrid.clean(text).split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
      while (line.length() > WIDTH) {
        lines.add(line.substring(0, WIDTH));
        line.delete(0, WIDTH);
      }
    }
    lines.add(line.toString());
    return lines;
  }
}
