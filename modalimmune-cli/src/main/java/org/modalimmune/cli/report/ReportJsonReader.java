package org.modalimmune.cli.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.modalimmune.evaluate.Comparison;
import org.modalimmune.evaluate.Corruption;
import org.modalimmune.evaluate.CorruptionKind;
import org.modalimmune.evaluate.CorruptionResult;
import org.modalimmune.evaluate.CurvePoint;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.EffectKind;
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

/** Reads a report out of a JSON tree and refuses what is not one, naming the place. */
final class ReportJsonReader {

  Report report(JsonPlace place) {
    int schema = place.integer("schema");
    if (schema != Report.SCHEMA) {
      throw place
          .at("schema")
          .wrong("schema " + Report.SCHEMA + " is needed (made by another version?)");
    }
    return new Report(
        data(place.at("data")),
        environment(place.at("environment")),
        place.find("command").map(JsonPlace::text).orElse(""),
        place.list("methods", this::method),
        place.list("comparisons", this::comparison),
        place.find("ablation").map(this::ablation),
        place.optionalList("notes", JsonPlace::text));
  }

  private DataDescription data(JsonPlace place) {
    DataDescription data =
        place.checked(
            () ->
                new DataDescription(
                    place.text("name"),
                    place.integer("train"),
                    place.integer("validation"),
                    place.integer("test"),
                    place.list("classNames", JsonPlace::text),
                    place.list("modalities", this::modality)));
    if (data.classes() != place.integer("classes")) {
      throw place.at("classes").wrong("as many classes as classNames are needed");
    }
    return data;
  }

  private ModalityDescription modality(JsonPlace place) {
    return place.checked(
        () ->
            new ModalityDescription(
                place.text("name"), place.integer("columns"), place.integer("constantDropped")));
  }

  private Environment environment(JsonPlace place) {
    return new Environment(
        place.text("backend"),
        place.text("device"),
        place.text("java"),
        place.integer("threads"),
        place.text("version"));
  }

  private MethodReport method(JsonPlace place) {
    List<Long> seeds = place.list("seedValues", JsonPlace::longInteger);
    if (seeds.size() != place.integer("seeds")) {
      throw place.at("seeds").wrong("as many seeds as seedValues are needed");
    }
    return new MethodReport(
        place.text("name"),
        place.find("description").map(JsonPlace::text).orElse(""),
        seeds,
        place.number("secondsPerSeed"),
        place.number("stepsPerSecond"),
        metrics(place.at("full")),
        robust(place, "robustMean"),
        robust(place, "robustWorst"),
        robust(place, "silentMean"),
        robust(place, "noiseMean"),
        robust(place, "shuffleMean"),
        place.list("patterns", this::pattern),
        place.list("corruptions", this::corruption),
        place.list("reconstruction", this::reconstruction),
        place.optionalList("severity", this::severity),
        place.optionalList("curve", this::curvePoint),
        place.map("metaParameters", this::summary));
  }

  private PatternResult pattern(JsonPlace place) {
    return new PatternResult(
        place.list("present", JsonPlace::text),
        metrics(place.at("told")),
        place.find("silent").map(this::metrics),
        place.optionalNumber("ceiling"));
  }

  private CorruptionResult corruption(JsonPlace place) {
    Corruption corruption =
        place.checked(
            () ->
                new Corruption(
                    CorruptionKind.ofReportName(place.text("kind")),
                    place.text("modality"),
                    place.optionalNumber("level")));
    return new CorruptionResult(corruption, metrics(place));
  }

  private ReconstructionResult reconstruction(JsonPlace place) {
    return new ReconstructionResult(
        place.text("modality"), summary(place.at("r2")), place.optionalNumber("ceiling"));
  }

  private SeverityResult severity(JsonPlace place) {
    return new SeverityResult(place.number("severity"), summary(place.at("robustMean")));
  }

  private CurvePoint curvePoint(JsonPlace place) {
    return new CurvePoint(
        place.integer("epoch"),
        place.integer("seeds"),
        place.number("trainLoss"),
        place.optionalNumber("validationCrossEntropy"));
  }

  private Comparison comparison(JsonPlace place) {
    return new Comparison(
        place.text("method"),
        place.text("against"),
        place.text("metric"),
        summary(place.at("difference")),
        place.optionalNumber("p"),
        place.optionalNumber("correctedP"),
        place.optionalNumber("signFlipP"));
  }

  private FactorialReport ablation(JsonPlace place) {
    List<String> factors = place.list("factors", JsonPlace::text);
    List<String> methods = place.list("variants", v -> v.text("method"));
    List<List<String>> on = place.list("variants", v -> v.list("on", JsonPlace::text));
    FactorialDesign design = place.checked(() -> new FactorialDesign(factors, methods));
    for (int s = 0; s < on.size(); s++) {
      if (!on.get(s).equals(design.on(s))) {
        throw place
            .at("variants")
            .wrong("variant " + s + " must have " + design.on(s) + " on, found " + on.get(s));
      }
    }
    List<FactorialEffect> effects = place.list("effects", this::effect);
    return place.checked(() -> new FactorialReport(design, effects));
  }

  private FactorialEffect effect(JsonPlace place) {
    EffectKind kind = place.checked(() -> EffectKind.ofReportName(place.text("kind")));
    return place.checked(
        () ->
            new FactorialEffect(
                kind,
                place.list("factors", JsonPlace::text),
                place.text("metric"),
                summary(place.at("effect")),
                place.optionalNumber("p"),
                place.optionalNumber("correctedP"),
                place.optionalNumber("signFlipP")));
  }

  private MetricSummary metrics(JsonPlace place) {
    return new MetricSummary(
        summary(place.at("accuracy")),
        summary(place.at("balancedAccuracy")),
        summary(place.at("f1Macro")),
        summary(place.at("crossEntropy")));
  }

  private Optional<RobustSummary> robust(JsonPlace place, String field) {
    return place
        .find(field)
        .map(
            child ->
                new RobustSummary(
                    summary(child.at("accuracy")), summary(child.at("balancedAccuracy"))));
  }

  private Summary summary(JsonPlace place) {
    OptionalDouble std = place.optionalNumber("std");
    Optional<Interval> ci95 =
        place.find("ci95").map(child -> interval(child, place.list("ci95", JsonPlace::number)));
    List<Double> values = place.list("values", JsonPlace::number);
    return place.checked(() -> new Summary(place.number("mean"), std, ci95, values));
  }

  private static Interval interval(JsonPlace place, List<Double> ends) {
    if (ends.size() != 2) {
      throw place.wrong("two numbers are needed");
    }
    return place.checked(() -> new Interval(ends.get(0), ends.get(1)));
  }
}
