package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modalimmune.evaluate.ComparisonMetric;
import org.modalimmune.evaluate.EffectKind;
import org.modalimmune.evaluate.FactorialEffect;
import org.modalimmune.evaluate.FactorialReport;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.Summary;

/** An ablation as short tables: the variants, and what each operator adds or takes away. */
final class TerminalEffects {
  /** The names of three of the four operators take 33 columns. */
  private static final int VARIANT_WIDTH = 36;

  private static final double CLEAR = 0.05;

  private final TerminalStyle style;
  private final Report report;
  private final FactorialReport ablation;

  /** A table under its heading. */
  record Section(String heading, TextGrid grid) {}

  TerminalEffects(TerminalStyle style, Report report, FactorialReport ablation) {
    this.style = style;
    this.report = report;
    this.ablation = ablation;
  }

  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("Accuracy, % (mean over " + seeds() + ")", variants()));
    for (EffectKind kind : EffectKind.values()) {
      if (!ablation.effects(kind).isEmpty()) {
        sections.add(new Section(heading(kind), effects(kind)));
      }
    }
    return sections;
  }

  private String seeds() {
    int seeds = report.methods().stream().mapToInt(MethodReport::seeds).max().orElse(0);
    return seeds + (seeds == 1 ? " seed" : " seeds");
  }

  private TextGrid variants() {
    TextGrid grid = new TextGrid(1, VARIANT_WIDTH);
    grid.row(head("variant", ComparisonMetric.OF_FACTORS));
    for (MethodReport method : report.methods()) {
      List<String> row = new ArrayList<>(List.of(method.name()));
      for (ComparisonMetric metric : ComparisonMetric.OF_FACTORS) {
        row.add(metric.of(method).map(Summary::mean).map(ReportNumbers::percent).orElse("-"));
      }
      grid.row(row);
    }
    CeilingFigures.of(report)
        .ifPresent(
            c ->
                grid.row(
                    List.of(
                        "(ceiling)",
                        ReportNumbers.percent(c.full()),
                        ReportNumbers.percent(c.mean()),
                        ReportNumbers.percent(c.worst()))));
    return grid;
  }

  private String heading(EffectKind kind) {
    return switch (kind) {
          case MAIN -> "Main effects: on minus off, mean over the other operators' settings";
          case ADDED_ALONE -> "Added alone: one operator minus none";
          case TAKEN_FROM_ALL -> "Taken from all: all minus all without it";
          case INTERACTION -> "Interactions: what one adds with the other on, minus with it off";
        }
        + "; points"
        + (ablation.effects(kind).stream().anyMatch(e -> e.correctedP().isPresent())
            ? ", * corrected p < 0.05"
            : "");
  }

  private TextGrid effects(EffectKind kind) {
    List<ComparisonMetric> metrics =
        kind == EffectKind.INTERACTION
            ? ComparisonMetric.OF_INTERACTIONS
            : ComparisonMetric.OF_FACTORS;
    TextGrid grid = new TextGrid(1);
    grid.row(head(kind == EffectKind.INTERACTION ? "operators" : "operator", metrics));
    for (List<String> factors :
        ablation.effects(kind).stream().map(FactorialEffect::factors).distinct().toList()) {
      List<String> row = new ArrayList<>(List.of(String.join(" x ", factors)));
      metrics.forEach(m -> row.add(cell(ablation.find(kind, factors, m))));
      grid.row(row);
    }
    return grid;
  }

  private String cell(Optional<FactorialEffect> effect) {
    if (effect.isEmpty()) {
      return "-";
    }
    FactorialEffect e = effect.get();
    String spread =
        e.ci95().map(ci -> " " + style.plusMinus() + ReportNumbers.halfWidth(ci)).orElse("");
    String mark = e.correctedP().isEmpty() ? "" : e.correctedP().getAsDouble() < CLEAR ? "*" : " ";
    return ReportNumbers.points(e.effect().mean()) + spread + mark;
  }

  private static List<String> head(String first, List<ComparisonMetric> metrics) {
    List<String> head = new ArrayList<>(List.of(first));
    metrics.forEach(m -> head.add(FigureNames.of(m.reportName())));
    return head;
  }
}
