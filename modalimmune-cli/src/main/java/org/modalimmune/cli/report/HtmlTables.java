package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.modalimmune.evaluate.Corruption;
import org.modalimmune.evaluate.CorruptionResult;
import org.modalimmune.evaluate.CurvePoint;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.ReconstructionResult;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.SeverityResult;

/**
 * The tables behind the charts and of the rarer figures; each is empty where nothing was measured.
 */
final class HtmlTables {

  private final Report report;

  HtmlTables(Report report) {
    this.report = report;
  }

  String corruptions() {
    Set<Corruption> corruptions = new LinkedHashSet<>();
    for (MethodReport method : report.methods()) {
      method.corruptions().forEach(c -> corruptions.add(c.corruption()));
    }
    if (corruptions.isEmpty()) {
      return "<p>No corruption was measured.</p>\n";
    }
    StringBuilder body = new StringBuilder();
    for (Corruption corruption : corruptions) {
      body.append("<tr>").append(Html.rowHead(label(corruption)));
      for (MethodReport method : report.methods()) {
        body.append(
            Html.number(
                method.corruptions().stream()
                    .filter(c -> c.corruption().equals(corruption))
                    .findFirst()
                    .map(CorruptionResult::metrics)
                    .map(m -> ReportNumbers.percent(m.accuracy(), "±"))
                    .orElse("-")));
      }
      body.append("</tr>\n");
    }
    return Html.folded(
        "Table: accuracy under each corruption",
        Html.table(
            "Accuracy, %, all modalities present, one spoilt without the model being told",
            methodHeads("corruption"), body.toString()));
  }

  private static String label(Corruption corruption) {
    return switch (corruption.kind()) {
      case GAUSSIAN ->
          corruption.modality()
              + ": noise, σ = "
              + ReportNumbers.plain(corruption.level().orElseThrow());
      case SHUFFLE -> corruption.modality() + ": shuffled";
    };
  }

  String curves() {
    Set<Integer> epochs = new TreeSet<>();
    for (MethodReport method : report.methods()) {
      method.curve().forEach(p -> epochs.add(p.epoch()));
    }
    if (epochs.isEmpty()) {
      return "<p>No training curve was recorded.</p>\n";
    }
    StringBuilder head = new StringBuilder(Html.head("epoch"));
    for (MethodReport method : report.methods()) {
      head.append(Html.numberHead(method.name() + ": training loss"));
      head.append(Html.numberHead(method.name() + ": validation, nats"));
    }
    StringBuilder body = new StringBuilder();
    for (int epoch : epochs) {
      body.append("<tr>").append(Html.rowHead(Integer.toString(epoch)));
      for (MethodReport method : report.methods()) {
        Optional<CurvePoint> point =
            method.curve().stream().filter(p -> p.epoch() == epoch).findFirst();
        body.append(
            Html.number(point.map(p -> ReportNumbers.significant(p.trainLoss())).orElse("-")));
        body.append(
            Html.number(
                point
                    .filter(p -> p.validationCrossEntropy().isPresent())
                    .map(p -> p.validationCrossEntropy().getAsDouble())
                    .map(ReportNumbers::significant)
                    .orElse("-")));
      }
      body.append("</tr>\n");
    }
    return Html.folded(
        "Table: training curves", Html.table("Mean over seeds", head.toString(), body.toString()));
  }

  String reconstruction() {
    List<ReconstructionResult> rows =
        report.methods().stream()
            .map(MethodReport::reconstruction)
            .filter(r -> !r.isEmpty())
            .findFirst()
            .orElse(List.of());
    if (rows.isEmpty()) {
      return "";
    }
    boolean ceilings = rows.stream().anyMatch(r -> r.ceiling().isPresent());
    StringBuilder body = new StringBuilder();
    for (ReconstructionResult row : rows) {
      body.append("<tr>").append(Html.rowHead(row.modality()));
      for (MethodReport method : report.methods()) {
        body.append(
            Html.number(
                method.reconstruction().stream()
                    .filter(r -> r.modality().equals(row.modality()))
                    .findFirst()
                    .map(r -> ReportNumbers.significant(r.r2(), "±"))
                    .orElse("-")));
      }
      if (ceilings) {
        body.append(
            Html.number(
                row.ceiling().isPresent()
                    ? ReportNumbers.significant(row.ceiling().getAsDouble())
                    : "-"));
      }
      body.append("</tr>\n");
    }
    return "<section id=\"reconstruction\"><h2>Reconstruction</h2>\n"
        + "<p>R² of each absent modality's standardised features, reconstructed from all the"
        + " others: 1 is perfect, 0 no better than the column means.</p>\n"
        + Html.table(
            "R²",
            methodHeads("absent modality") + (ceilings ? Html.numberHead("ceiling") : ""),
            body.toString())
        + "</section>\n";
  }

  String severity() {
    List<MethodReport> swept =
        report.methods().stream().filter(m -> !m.severity().isEmpty()).toList();
    if (swept.isEmpty()) {
      return "";
    }
    StringBuilder body = new StringBuilder();
    for (MethodReport method : swept) {
      for (SeverityResult result : method.severity()) {
        body.append("<tr>")
            .append(Html.rowHead(method.name()))
            .append(Html.number(ReportNumbers.plain(result.severity())))
            .append(Html.number(ReportNumbers.percent(result.robustMean(), "±")))
            .append("</tr>\n");
      }
    }
    return "<section id=\"severity\"><h2>Severity</h2>\n"
        + Html.table(
            "Robust mean accuracy, %, at each severity (0 none, 1 complete)",
            Html.head("method") + Html.numberHead("severity") + Html.numberHead("robust mean"),
            body.toString())
        + "</section>\n";
  }

  String learned() {
    StringBuilder body = new StringBuilder();
    for (MethodReport method : report.methods()) {
      method
          .metaParameters()
          .forEach(
              (name, value) ->
                  body.append("<tr>")
                      .append(Html.rowHead(method.name()))
                      .append(Html.cell(name))
                      .append(Html.number(ReportNumbers.significant(value, "±")))
                      .append("</tr>\n"));
    }
    if (body.isEmpty()) {
      return "";
    }
    return "<section id=\"learned\"><h2>Learned settings</h2>\n"
        + Html.table(
            "Hyper-parameters at the selected epoch, mean over seeds",
            Html.head("method") + Html.head("name") + Html.numberHead("value"),
            body.toString())
        + "</section>\n";
  }

  private String methodHeads(String first) {
    List<String> heads = new ArrayList<>(List.of(Html.head(first)));
    report.methods().forEach(m -> heads.add(Html.numberHead(m.name())));
    return String.join("", heads);
  }
}
