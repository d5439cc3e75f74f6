package org.modalimmune.cli.report;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.modalimmune.evaluate.Comparison;
import org.modalimmune.evaluate.CorruptionResult;
import org.modalimmune.evaluate.CurvePoint;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.FactorialDesign;
import org.modalimmune.evaluate.FactorialEffect;
import org.modalimmune.evaluate.FactorialReport;
import org.modalimmune.evaluate.Interval;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.MetricSummary;
import org.modalimmune.evaluate.ModalityDescription;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.ReconstructionResult;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.RobustSummary;
import org.modalimmune.evaluate.SeverityResult;
import org.modalimmune.evaluate.Summary;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns a report into a JSON tree; the order of the calls is the order of the fields. */
final class ReportJsonWriter {

  private final JsonNodeFactory nodes = JsonNodeFactory.instance;

  ObjectNode report(Report report) {
    ObjectNode node = nodes.objectNode();
    node.put("schema", Report.SCHEMA);
    node.set("data", data(report.data()));
    node.set("environment", environment(report.environment()));
    node.set("methods", array(report.methods(), this::method));
    node.set("comparisons", array(report.comparisons(), this::comparison));
    report.ablation().ifPresent(a -> node.set("ablation", ablation(a)));
    node.set("notes", strings(report.notes()));
    node.put("command", report.command());
    return node;
  }

  private ObjectNode data(DataDescription data) {
    ObjectNode node = nodes.objectNode();
    node.put("name", data.name());
    node.put("train", data.train());
    node.put("validation", data.validation());
    node.put("test", data.test());
    node.put("classes", data.classes());
    node.set("modalities", array(data.modalities(), this::modality));
    node.set("classNames", strings(data.classNames()));
    return node;
  }

  private ObjectNode modality(ModalityDescription modality) {
    ObjectNode node = nodes.objectNode();
    node.put("name", modality.name());
    node.put("columns", modality.columns());
    node.put("constantDropped", modality.constantDropped());
    return node;
  }

  private ObjectNode environment(Environment environment) {
    ObjectNode node = nodes.objectNode();
    node.put("backend", environment.backend());
    node.put("device", environment.device());
    node.put("java", environment.java());
    node.put("threads", environment.threads());
    node.put("version", environment.version());
    return node;
  }

  private ObjectNode method(MethodReport method) {
    ObjectNode node = nodes.objectNode();
    node.put("name", method.name());
    node.put("seeds", method.seeds());
    number(node, "secondsPerSeed", method.secondsPerSeed());
    number(node, "stepsPerSecond", method.stepsPerSecond());
    ObjectNode full = nodes.objectNode();
    metrics(full, method.full());
    node.set("full", full);
    robust(node, "robustMean", method.robustMean());
    robust(node, "robustWorst", method.robustWorst());
    node.set("patterns", array(method.patterns(), this::pattern));
    node.set("corruptions", array(method.corruptions(), this::corruption));
    node.set("reconstruction", array(method.reconstruction(), this::reconstruction));
    if (!method.severity().isEmpty()) {
      node.set("severity", array(method.severity(), this::severity));
    }
    node.put("description", method.description());
    ArrayNode seeds = node.putArray("seedValues");
    method.seedValues().forEach(seeds::add);
    robust(node, "silentMean", method.silentMean());
    robust(node, "noiseMean", method.noiseMean());
    robust(node, "shuffleMean", method.shuffleMean());
    node.set("curve", array(method.curve(), this::curvePoint));
    ObjectNode learned = node.putObject("metaParameters");
    method.metaParameters().forEach((name, value) -> learned.set(name, summary(value)));
    return node;
  }

  private ObjectNode pattern(PatternResult pattern) {
    ObjectNode node = nodes.objectNode();
    node.set("present", strings(pattern.present()));
    metrics(node.putObject("told"), pattern.told());
    pattern.silent().ifPresent(silent -> metrics(node.putObject("silent"), silent));
    optional(node, "ceiling", pattern.ceiling());
    return node;
  }

  private ObjectNode corruption(CorruptionResult result) {
    ObjectNode node = nodes.objectNode();
    node.put("kind", result.corruption().kind().reportName());
    node.put("modality", result.corruption().modality());
    optional(node, "level", result.corruption().level());
    metrics(node, result.metrics());
    return node;
  }

  private ObjectNode reconstruction(ReconstructionResult result) {
    ObjectNode node = nodes.objectNode();
    node.put("modality", result.modality());
    node.set("r2", summary(result.r2()));
    optional(node, "ceiling", result.ceiling());
    return node;
  }

  private ObjectNode severity(SeverityResult result) {
    ObjectNode node = nodes.objectNode();
    number(node, "severity", result.severity());
    node.set("robustMean", summary(result.robustMean()));
    return node;
  }

  private ObjectNode curvePoint(CurvePoint point) {
    ObjectNode node = nodes.objectNode();
    node.put("epoch", point.epoch());
    node.put("seeds", point.seeds());
    number(node, "trainLoss", point.trainLoss());
    optional(node, "validationCrossEntropy", point.validationCrossEntropy());
    return node;
  }

  private ObjectNode comparison(Comparison comparison) {
    ObjectNode node = nodes.objectNode();
    node.put("method", comparison.method());
    node.put("against", comparison.against());
    node.put("metric", comparison.metric());
    node.set("difference", summary(comparison.difference()));
    interval(node, "ci95", comparison.ci95());
    nullable(node, "p", comparison.p());
    nullable(node, "correctedP", comparison.correctedP());
    nullable(node, "signFlipP", comparison.signFlipP());
    return node;
  }

  private ObjectNode ablation(FactorialReport ablation) {
    ObjectNode node = nodes.objectNode();
    FactorialDesign design = ablation.design();
    node.set("factors", strings(design.factors()));
    ArrayNode variants = node.putArray("variants");
    for (int s = 0; s < design.runs().size(); s++) {
      ObjectNode variant = variants.addObject();
      variant.put("method", design.runs().get(s));
      variant.set("on", strings(design.on(s)));
    }
    node.set("effects", array(ablation.effects(), this::effect));
    return node;
  }

  private ObjectNode effect(FactorialEffect effect) {
    ObjectNode node = nodes.objectNode();
    node.put("kind", effect.kind().reportName());
    node.set("factors", strings(effect.factors()));
    node.put("metric", effect.metric());
    node.set("effect", summary(effect.effect()));
    interval(node, "ci95", effect.ci95());
    nullable(node, "p", effect.p());
    nullable(node, "correctedP", effect.correctedP());
    nullable(node, "signFlipP", effect.signFlipP());
    return node;
  }

  private void metrics(ObjectNode node, MetricSummary metrics) {
    node.set("accuracy", summary(metrics.accuracy()));
    node.set("balancedAccuracy", summary(metrics.balancedAccuracy()));
    node.set("f1Macro", summary(metrics.f1Macro()));
    node.set("crossEntropy", summary(metrics.crossEntropy()));
  }

  private void robust(ObjectNode node, String field, Optional<RobustSummary> robust) {
    robust.ifPresent(
        value -> {
          ObjectNode child = node.putObject(field);
          child.set("accuracy", summary(value.accuracy()));
          child.set("balancedAccuracy", summary(value.balancedAccuracy()));
        });
  }

  private ObjectNode summary(Summary summary) {
    ObjectNode node = nodes.objectNode();
    number(node, "mean", summary.mean());
    nullable(node, "std", summary.std());
    interval(node, "ci95", summary.ci95());
    ArrayNode values = node.putArray("values");
    summary.values().forEach(values::add);
    return node;
  }

  private static void interval(ObjectNode node, String field, Optional<Interval> interval) {
    if (interval.isPresent()) {
      node.putArray(field).add(interval.get().lo()).add(interval.get().hi());
    } else {
      node.putNull(field);
    }
  }

  private static void nullable(ObjectNode node, String field, OptionalDouble value) {
    if (value.isPresent()) {
      number(node, field, value.getAsDouble());
    } else {
      node.putNull(field);
    }
  }

  private static void optional(ObjectNode node, String field, OptionalDouble value) {
    value.ifPresent(v -> number(node, field, v));
  }

  private static void number(ObjectNode node, String field, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "report: " + field + " is " + value + "; a report holds finite numbers only");
    }
    node.put(field, value);
  }

  private ArrayNode strings(List<String> values) {
    ArrayNode array = nodes.arrayNode();
    values.forEach(array::add);
    return array;
  }

  private <T> ArrayNode array(Collection<T> values, Function<T, ObjectNode> convert) {
    ArrayNode array = nodes.arrayNode();
    values.forEach(value -> array.add(convert.apply(value)));
    return array;
  }
}
