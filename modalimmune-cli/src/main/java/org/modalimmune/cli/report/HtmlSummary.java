package org.modalimmune.cli.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.RobustSummary;
import org.modalimmune.evaluate.Summary;

/** The summary tables: one row per method, the best mean of each column in bold. */
final class HtmlSummary {

  private static final List<String> COLUMNS =
      List.of("full", "robust mean", "robust worst", "silent", "noise", "shuffled");

  private final Report report;

  HtmlSummary(Report report) {
    this.report = report;
  }

  String render() {
    return table(
            "Accuracy, %",
            m -> m.full().accuracy(), RobustSummary::accuracy, CeilingFigures.of(report))
        + table(
            "Balanced accuracy, %",
            m -> m.full().balancedAccuracy(), RobustSummary::balancedAccuracy, Optional.empty());
  }

  private String table(
      String caption,
      Function<MethodReport, Summary> full,
      Function<RobustSummary, Summary> part,
      Optional<CeilingFigures> ceiling) {
    List<Function<MethodReport, Optional<Summary>>> columns =
        List.of(
            m -> Optional.of(full.apply(m)),
            m -> m.robustMean().map(part),
            m -> m.robustWorst().map(part),
            m -> m.silentMean().map(part),
            m -> m.noiseMean().map(part),
            m -> m.shuffleMean().map(part));
    StringBuilder head = new StringBuilder(Html.head("method"));
    COLUMNS.forEach(name -> head.append(Html.numberHead(name)));
    StringBuilder body = new StringBuilder();
    for (MethodReport method : report.methods()) {
      body.append("<tr>").append(Html.rowHead(method.name()));
      for (Function<MethodReport, Optional<Summary>> column : columns) {
        body.append(cell(column.apply(method), best(column)));
      }
      body.append("</tr>\n");
    }
    ceiling.ifPresent(
        c ->
            body.append("<tr class=\"ceiling\">")
                .append(Html.rowHead("ceiling"))
                .append(Html.number(ReportNumbers.percent(c.full())))
                .append(Html.number(ReportNumbers.percent(c.mean())))
                .append(Html.number(ReportNumbers.percent(c.worst())))
                .append("<td class=\"n\">-</td>".repeat(3))
                .append("</tr>\n"));
    return Html.table(caption, head.toString(), body.toString());
  }

  /** The largest mean of a column as it is shown, so that ties in print are ties in bold. */
  private String best(Function<MethodReport, Optional<Summary>> column) {
    return report.methods().stream()
        .flatMap(m -> column.apply(m).stream())
        .map(Summary::mean)
        .max(Double::compare)
        .map(ReportNumbers::percent)
        .orElse("");
  }

  private static String cell(Optional<Summary> summary, String best) {
    if (summary.isEmpty()) {
      return "<td class=\"n\">-</td>";
    }
    String mean = ReportNumbers.percent(summary.get().mean());
    String spread =
        summary
            .get()
            .ci95()
            .map(ci -> " <small>± " + ReportNumbers.percent(ci.halfWidth()) + "</small>")
            .orElse("");
    return "<td class=\"n\">"
        + (mean.equals(best) ? "<b>" + mean + "</b>" : mean)
        + spread
        + "</td>";
  }
}
