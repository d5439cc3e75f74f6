package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modalimmune.evaluate.Comparison;
import org.modalimmune.evaluate.Interval;
import org.modalimmune.evaluate.Report;

/** The paired comparisons, one table per pair of methods: numbers, and each interval drawn. */
final class HtmlComparisons {

  private static final double CENTRE = 70;
  private static final double REACH = 64;

  private record Pair(String method, String against) {}

  private final Report report;

  HtmlComparisons(Report report) {
    this.report = report;
  }

  String render() {
    if (report.comparisons().isEmpty()) {
      return "<p>No two methods were compared.</p>\n";
    }
    Map<Pair, List<Comparison>> pairs = new LinkedHashMap<>();
    for (Comparison c : report.comparisons()) {
      pairs.computeIfAbsent(new Pair(c.method(), c.against()), pair -> new ArrayList<>()).add(c);
    }
    StringBuilder html = new StringBuilder();
    pairs.forEach((pair, comparisons) -> html.append(table(pair, comparisons)));
    return html.toString();
  }

  private static String table(Pair pair, List<Comparison> comparisons) {
    double reach = comparisons.stream().mapToDouble(HtmlComparisons::extent).max().orElse(0);
    String head =
        Html.head("accuracy")
            + Html.numberHead("difference")
            + Html.head("axis ± " + ReportNumbers.significant(100 * reach))
            + Html.numberHead("95 % interval")
            + Html.numberHead("corrected p")
            + Html.numberHead("p")
            + Html.numberHead("sign-flip p");
    StringBuilder body = new StringBuilder();
    for (Comparison c : comparisons) {
      boolean clear = c.correctedP().orElse(1) < 0.05;
      body.append(clear ? "<tr class=\"clear\">" : "<tr>")
          .append(Html.rowHead(FigureNames.of(c.metric())))
          .append(Html.number(ReportNumbers.points(c.difference().mean())))
          .append("<td>")
          .append(drawing(c, reach))
          .append("</td>")
          .append(Html.number(c.ci95().map(ReportNumbers::points).orElse("-")))
          .append(Html.number(ReportNumbers.p(c.correctedP())))
          .append(Html.number(ReportNumbers.p(c.p())))
          .append(Html.number(ReportNumbers.p(c.signFlipP())))
          .append("</tr>\n");
    }
    return Html.table(
        pair.method() + " minus " + pair.against() + ", percentage points", head, body.toString());
  }

  /** How far from zero a comparison's drawing reaches. */
  private static double extent(Comparison c) {
    return c.ci95()
        .map(ci -> Math.max(Math.abs(ci.lo()), Math.abs(ci.hi())))
        .orElse(Math.abs(c.difference().mean()));
  }

  private static String drawing(Comparison c, double reach) {
    StringBuilder svg =
        new StringBuilder(
            "<svg class=\"ci\" width=\"140\" height=\"16\" viewBox=\"0 0 140 16\""
                + " aria-hidden=\"true\"><path class=\"zero\" d=\"M70 0V16\"/>");
    if (c.ci95().isPresent()) {
      Interval ci = c.ci95().get();
      svg.append("<path d=\"M")
          .append(x(ci.lo(), reach))
          .append(" 8H")
          .append(x(ci.hi(), reach))
          .append("\"/>");
    }
    return svg.append("<circle cx=\"")
        .append(x(c.difference().mean(), reach))
        .append("\" cy=\"8\" r=\"3.5\"/></svg>")
        .toString();
  }

  private static String x(double difference, double reach) {
    double position = reach == 0 ? 0 : difference / reach;
    return String.format(Locale.ROOT, "%.1f", CENTRE + REACH * position);
  }
}
