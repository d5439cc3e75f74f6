package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modalimmune.evaluate.ComparisonMetric;
import org.modalimmune.evaluate.EffectKind;
import org.modalimmune.evaluate.FactorialEffect;
import org.modalimmune.evaluate.FactorialReport;
import org.modalimmune.evaluate.Report;

/** An ablation: a picture for each figure, a table for each kind of effect, and every p-value. */
final class HtmlEffects {

  private static final double CLEAR = 0.05;

  private final Report report;

  HtmlEffects(Report report) {
    this.report = report;
  }

  /** The section; empty for a report that is no ablation. */
  String render() {
    return report.ablation().map(HtmlEffects::section).orElse("");
  }

  /** Whether an effect is more than chance after the correction. */
  static boolean isClear(FactorialEffect effect) {
    return effect.correctedP().orElse(1) < CLEAR;
  }

  private static String section(FactorialReport ablation) {
    StringBuilder html =
        new StringBuilder(
            "<section id=\"ablation\"><h2>What each operator adds or takes away</h2>\n"
                + "<p>Differences of accuracy in percentage points, paired by seed; right of zero"
                + " is better. Filled and bold: corrected p below 0.05.</p>\n");
    html.append(EffectPicture.legend()).append("<div class=\"effects\">\n");
    for (ComparisonMetric metric : ComparisonMetric.OF_FACTORS) {
      html.append(new EffectPicture(ablation, metric).render());
    }
    html.append("</div>\n");
    for (EffectKind kind : EffectKind.values()) {
      html.append(table(ablation, kind));
    }
    return html.append(everything(ablation))
        .append(
            "<details><summary>How these are made</summary>\n"
                + "<p>The variants are all combinations of the operators, on or off, everything"
                + " else alike. A main effect is the mean, over all settings of the other"
                + " operators, of the accuracy with the operator on minus that with it off; an"
                + " interaction is what one operator adds with the other on minus what it adds with"
                + " the other off. Each is formed for every seed and tested over seeds by a t test;"
                + " p is corrected by Holm's method over all effects of one kind.</p>\n"
                + "</details></section>\n")
        .toString();
  }

  private static String table(FactorialReport ablation, EffectKind kind) {
    if (ablation.effects(kind).isEmpty()) {
      return "";
    }
    List<ComparisonMetric> metrics =
        kind == EffectKind.INTERACTION
            ? ComparisonMetric.OF_INTERACTIONS
            : ComparisonMetric.OF_FACTORS;
    StringBuilder head =
        new StringBuilder(Html.head(kind == EffectKind.INTERACTION ? "operators" : "operator"));
    metrics.forEach(m -> head.append(Html.numberHead(FigureNames.of(m.reportName()))));
    StringBuilder body = new StringBuilder();
    for (List<String> factors :
        ablation.effects(kind).stream().map(FactorialEffect::factors).distinct().toList()) {
      body.append("<tr>").append(Html.rowHead(String.join(" × ", factors)));
      metrics.forEach(m -> body.append(cell(ablation.find(kind, factors, m))));
      body.append("</tr>\n");
    }
    return Html.table(caption(kind), head.toString(), body.toString());
  }

  private static String caption(EffectKind kind) {
    return switch (kind) {
      case MAIN -> "Main effects: on minus off, mean over all settings of the others";
      case ADDED_ALONE -> "Added alone: one operator minus none";
      case TAKEN_FROM_ALL -> "Taken from all: all minus all without it";
      case INTERACTION -> "Interactions: what one adds with the other on, minus with it off";
    };
  }

  private static String cell(Optional<FactorialEffect> found) {
    if (found.isEmpty()) {
      return Html.number("-");
    }
    FactorialEffect effect = found.get();
    String mean = ReportNumbers.points(effect.effect().mean());
    String spread =
        effect.ci95().map(ci -> " <small>± " + ReportNumbers.halfWidth(ci) + "</small>").orElse("");
    return "<td class=\"n\">" + (isClear(effect) ? "<b>" + mean + "</b>" : mean) + spread + "</td>";
  }

  private static String everything(FactorialReport ablation) {
    List<String> heads =
        new ArrayList<>(
            List.of(Html.head("effect"), Html.head("operators"), Html.head("accuracy")));
    for (String name : List.of("points", "95 % interval", "corrected p", "p", "sign-flip p")) {
      heads.add(Html.numberHead(name));
    }
    StringBuilder body = new StringBuilder();
    for (FactorialEffect effect : ablation.effects()) {
      body.append("<tr>")
          .append(Html.rowHead(EffectPicture.name(effect.kind())))
          .append(Html.cell(String.join(" × ", effect.factors())))
          .append(Html.cell(FigureNames.of(effect.metric())))
          .append(Html.number(ReportNumbers.points(effect.effect().mean())))
          .append(Html.number(effect.ci95().map(ReportNumbers::points).orElse("-")))
          .append(Html.number(ReportNumbers.p(effect.correctedP())))
          .append(Html.number(ReportNumbers.p(effect.p())))
          .append(Html.number(ReportNumbers.p(effect.signFlipP())))
          .append("</tr>\n");
    }
    return Html.folded(
        "Table: every effect with its p-values",
        Html.table("Effects, percentage points", String.join("", heads), body.toString()));
  }
}
