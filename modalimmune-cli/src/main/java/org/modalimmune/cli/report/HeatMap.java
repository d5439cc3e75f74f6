package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.Summary;

/**
 * The picture pattern x method. It is a table with coloured cells, so it holds its own numbers,
 * needs no script, and scrolls like text; radio buttons choose the figure by style sheet alone.
 */
final class HeatMap {

  private record View(String id, String label, Function<PatternResult, Optional<Summary>> figure) {}

  private static final List<View> VIEWS =
      List.of(
          new View("told", "accuracy, told", p -> Optional.of(p.told().accuracy())),
          new View("balanced", "balanced, told", p -> Optional.of(p.told().balancedAccuracy())),
          new View("silent", "accuracy, silent", p -> p.silent().map(s -> s.accuracy())),
          new View(
              "silent-balanced",
              "balanced, silent",
              p -> p.silent().map(s -> s.balancedAccuracy())));

  private final Report report;
  private final List<String> modalities;
  private final List<PatternResult> patterns;

  HeatMap(Report report) {
    this.report = report;
    this.modalities = report.data().modalityNames();
    this.patterns = report.methods().isEmpty() ? List.of() : report.methods().getFirst().patterns();
  }

  String render() {
    List<View> views = VIEWS.stream().filter(v -> !values(v).isEmpty()).toList();
    // One scale for all views: the same colour is the same number wherever one looks.
    List<Double> all = new ArrayList<>();
    views.forEach(v -> all.addAll(values(v)));
    double low = all.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double high = all.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    StringBuilder html = new StringBuilder("<div class=\"heat\">\n");
    for (View view : views) {
      html.append("<input type=\"radio\" name=\"heat\" id=\"heat-")
          .append(view.id())
          .append(view.equals(views.getFirst()) ? "\" checked>" : "\">")
          .append("<label for=\"heat-")
          .append(view.id())
          .append("\">")
          .append(view.label())
          .append("</label>\n");
    }
    html.append(scale(low, high));
    for (View view : views) {
      html.append("<div class=\"view view-")
          .append(view.id())
          .append("\">")
          .append(table(view, low, high))
          .append("</div>\n");
    }
    return html.append("</div>\n").toString();
  }

  private List<Double> values(View view) {
    return report.methods().stream()
        .flatMap(m -> m.patterns().stream())
        .flatMap(p -> view.figure().apply(p).stream())
        .map(Summary::mean)
        .toList();
  }

  private static String scale(double low, double high) {
    StringBuilder stops = new StringBuilder();
    for (int i = 0; i <= 8; i++) {
      stops.append(i == 0 ? "" : ",").append(Viridis.color(i / 8.0));
    }
    return "<p class=\"scale\"><span>"
        + ReportNumbers.percent(low)
        + " %</span><span class=\"bar\" style=\"background:linear-gradient(90deg,"
        + stops
        + ")\"></span><span>"
        + ReportNumbers.percent(high)
        + " %</span></p>\n";
  }

  private String table(View view, double low, double high) {
    boolean ceilings =
        view.id().equals("told") && patterns.stream().anyMatch(p -> p.ceiling().isPresent());
    StringBuilder head = new StringBuilder();
    modalities.forEach(name -> head.append(turned("m", name)));
    report.methods().forEach(m -> head.append(turned("v", m.name())));
    if (ceilings) {
      head.append(turned("v", "ceiling"));
    }
    StringBuilder body = new StringBuilder();
    for (PatternResult pattern : patterns) {
      String label = String.join(" + ", pattern.present());
      StringBuilder row = new StringBuilder();
      for (MethodReport method : report.methods()) {
        row.append(
            PatternLookup.find(method, pattern.present())
                .flatMap(view.figure())
                .map(s -> colored(s.mean(), low, high, method.name() + ", " + label, s))
                .orElse("<td class=\"none\">-</td>"));
      }
      if (ceilings) {
        row.append(
            pattern.ceiling().isPresent()
                ? Html.number(ReportNumbers.percent(pattern.ceiling().getAsDouble()))
                : "<td class=\"none\">-</td>");
      }
      body.append("<tr title=\"").append(Html.escape(label)).append("\">").append(dots(pattern));
      body.append(row).append("</tr>\n");
    }
    return Html.table(
        "Mean " + view.label() + ", % (filled dot: modality present)",
        head.toString(),
        body.toString());
  }

  private static String turned(String kind, String name) {
    return "<th scope=\"col\" class=\"turn "
        + kind
        + "\"><span title=\""
        + Html.escape(name)
        + "\">"
        + Html.escape(name)
        + "</span></th>";
  }

  private String dots(PatternResult pattern) {
    StringBuilder dots = new StringBuilder();
    for (String name : modalities) {
      boolean present = pattern.present().contains(name);
      dots.append("<td class=\"dot\"><span role=\"img\" aria-label=\"")
          .append(Html.escape(name))
          .append(present ? " present\">&#9679;" : " absent\">&#9675;")
          .append("</span></td>");
    }
    return dots.toString();
  }

  private static String colored(double value, double low, double high, String label, Summary s) {
    double position = high > low ? (value - low) / (high - low) : 1;
    return "<td class=\"c\" style=\"background:"
        + Viridis.color(position)
        + ";color:"
        + Viridis.textColor(position)
        + "\" title=\""
        + Html.escape(label + ": " + ReportNumbers.percent(s, "±") + " %")
        + "\">"
        + ReportNumbers.percent(value)
        + "</td>";
  }
}
