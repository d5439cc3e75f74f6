package org.modalimmune.cli.report;

import java.util.List;
import org.modalimmune.evaluate.CorruptionKind;
import org.modalimmune.evaluate.CorruptionResult;
import org.modalimmune.evaluate.CurvePoint;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.Summary;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The numbers that the page's charts draw, in per cent, points and nats. */
final class ChartData {

  private final Report report;

  ChartData(Report report) {
    this.report = report;
  }

  String toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode modalities = root.putArray("modalities");
    report.data().modalityNames().forEach(modalities::add);
    ArrayNode methods = root.putArray("methods");
    report.methods().forEach(m -> method(methods.addObject(), m));
    return root.toString();
  }

  private void method(ObjectNode node, MethodReport method) {
    node.put("name", method.name());
    node.put("shown", isShown(method));
    figure(node.putObject("full"), method.full().accuracy());
    ArrayNode gaps = node.putArray("gaps");
    for (PatternResult pattern : method.patterns()) {
      pattern.ceiling().ifPresent(ceiling -> gap(gaps.addObject(), pattern, ceiling));
    }
    ArrayNode corruptions = node.putArray("corruptions");
    for (CorruptionResult result : method.corruptions()) {
      ObjectNode child = corruptions.addObject();
      child.put("modality", result.corruption().modality());
      if (result.corruption().kind() == CorruptionKind.GAUSSIAN) {
        child.put("level", result.corruption().level().orElseThrow());
      }
      figure(child, result.metrics().accuracy());
    }
    ArrayNode curve = node.putArray("curve");
    for (CurvePoint point : method.curve()) {
      ArrayNode values = curve.addArray().add(point.epoch()).add(point.trainLoss());
      if (point.validationCrossEntropy().isPresent()) {
        values.add(point.validationCrossEntropy().getAsDouble());
      } else {
        values.addNull();
      }
    }
  }

  /** Of many variants only the ends are drawn at first; the legend brings the others. */
  private boolean isShown(MethodReport method) {
    List<String> runs = report.ablation().map(a -> a.design().runs()).orElse(List.of());
    int position = runs.indexOf(method.name());
    return position <= 0 || position == runs.size() - 1;
  }

  private static void gap(ObjectNode node, PatternResult pattern, double ceiling) {
    List<String> present = pattern.present();
    node.put("pattern", String.join(" + ", present));
    Summary accuracy = pattern.told().accuracy();
    node.put("mean", 100 * (accuracy.mean() - ceiling));
    accuracy.ci95().ifPresent(ci -> node.put("half", 100 * ci.halfWidth()));
  }

  private static void figure(ObjectNode node, Summary summary) {
    node.put("mean", 100 * summary.mean());
    summary.ci95().ifPresent(ci -> node.put("half", 100 * ci.halfWidth()));
  }
}
