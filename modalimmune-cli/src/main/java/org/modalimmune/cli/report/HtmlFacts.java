package org.modalimmune.cli.report;

import java.util.List;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.ModalityDescription;
import org.modalimmune.evaluate.Report;

/** What was run, on what, and what to bear in mind. */
final class HtmlFacts {

  private final Report report;

  HtmlFacts(Report report) {
    this.report = report;
  }

  String subtitle() {
    DataDescription data = report.data();
    int seeds = report.methods().stream().mapToInt(MethodReport::seeds).max().orElse(0);
    return Html.escape(
        counted(report.methods().size(), "method")
            + ", "
            + counted(seeds, "seed")
            + "; "
            + counted(data.modalities().size(), "modality", "modalities")
            + ", "
            + counted(data.classes(), "class", "classes")
            + ", "
            + counted(data.test(), "test row"));
  }

  String notes() {
    if (report.notes().isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder("<aside class=\"notes\"><h2>Notes</h2><ul>\n");
    report.notes().forEach(n -> html.append("<li>").append(Html.escape(n)).append("</li>\n"));
    return html.append("</ul></aside>\n").toString();
  }

  String methods() {
    StringBuilder body = new StringBuilder();
    for (MethodReport method : report.methods()) {
      body.append("<tr>")
          .append(Html.rowHead(method.name()))
          .append("<td class=\"wrap\">")
          .append(Html.escape(method.description()))
          .append("</td>")
          .append(Html.number(Integer.toString(method.seeds())))
          .append(Html.number(ReportNumbers.significant(method.secondsPerSeed())))
          .append(Html.number(ReportNumbers.significant(method.stepsPerSecond())))
          .append("</tr>\n");
    }
    StringBuilder head = new StringBuilder(Html.head("method")).append(Html.head("what it does"));
    for (String name : List.of("seeds", "seconds per seed", "steps per second")) {
      head.append(Html.numberHead(name));
    }
    return Html.table("Methods", head.toString(), body.toString());
  }

  String data() {
    DataDescription data = report.data();
    StringBuilder body = new StringBuilder();
    for (ModalityDescription modality : data.modalities()) {
      body.append("<tr>")
          .append(Html.rowHead(modality.name()))
          .append(Html.number(Integer.toString(modality.columns())))
          .append(Html.number(Integer.toString(modality.constantDropped())))
          .append("</tr>\n");
    }
    return "<dl>"
        + fact("data set", data.name())
        + fact(
            "rows",
            data.train()
                + " training, "
                + data.validation()
                + " validation, "
                + data.test()
                + " test")
        + fact("classes", data.classes() + ": " + String.join(", ", data.classNames()))
        + "</dl>\n"
        + Html.table(
            "Modalities",
            Html.head("modality")
                + Html.numberHead("columns")
                + Html.numberHead("constant, dropped"),
            body.toString());
  }

  String environment() {
    Environment environment = report.environment();
    return "<dl>"
        + fact("backend", environment.backend())
        + fact("device", environment.device())
        + fact("Java", environment.java())
        + fact("threads", Integer.toString(environment.threads()))
        + fact("ModalImmune", environment.version())
        + "</dl>\n"
        + (report.command().isEmpty()
            ? ""
            : "<p>Made by</p>\n<pre><code>" + Html.escape(report.command()) + "</code></pre>\n");
  }

  private static String fact(String name, String value) {
    return "<dt>" + Html.escape(name) + "</dt><dd>" + Html.escape(value) + "</dd>";
  }

  private static String counted(int count, String noun) {
    return counted(count, noun, noun + "s");
  }

  private static String counted(int count, String one, String several) {
    return count + " " + (count == 1 ? one : several);
  }
}
