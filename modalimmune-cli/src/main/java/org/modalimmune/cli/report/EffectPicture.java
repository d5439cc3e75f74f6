package org.modalimmune.cli.report;

import java.util.List;
import java.util.Locale;
import org.modalimmune.evaluate.ComparisonMetric;
import org.modalimmune.evaluate.EffectKind;
import org.modalimmune.evaluate.FactorialEffect;
import org.modalimmune.evaluate.FactorialReport;

/**
 * The effects of every operator on one figure with their intervals, drawn on one axis. Kinds differ
 * in shape as well as colour; the numbers are in the tables and, for a pointer, in titles.
 */
final class EffectPicture {

  private static final List<EffectKind> KINDS =
      List.of(EffectKind.MAIN, EffectKind.ADDED_ALONE, EffectKind.TAKEN_FROM_ALL);
  private static final int WIDTH = 320;
  private static final double CENTRE = 160;
  private static final double REACH = 140;
  private static final int LABEL = 18;
  private static final int ROW = 14;
  private static final int GAP = 6;
  private static final int AXIS = 20;

  private final FactorialReport ablation;
  private final ComparisonMetric metric;
  private final List<FactorialEffect> effects;
  private final double reach;

  EffectPicture(FactorialReport ablation, ComparisonMetric metric) {
    this.ablation = ablation;
    this.metric = metric;
    this.effects =
        ablation.effects().stream()
            .filter(e -> e.metric().equals(metric.reportName()) && KINDS.contains(e.kind()))
            .toList();
    this.reach = effects.stream().mapToDouble(EffectPicture::extent).max().orElse(0);
  }

  /** What the shapes mean. */
  static String legend() {
    StringBuilder html = new StringBuilder("<p class=\"effect-legend\">");
    for (EffectKind kind : KINDS) {
      html.append("<span><svg class=\"effect ")
          .append(kind.reportName())
          .append("\" width=\"28\" height=\"14\" viewBox=\"0 0 28 14\" aria-hidden=\"true\">")
          .append("<path d=\"M2 7H26\"/>")
          .append(mark(kind, 14, 7, true))
          .append("</svg> ")
          .append(Html.escape(name(kind)))
          .append("</span> ");
    }
    return html.append("</p>\n").toString();
  }

  /** The kind for people. */
  static String name(EffectKind kind) {
    return switch (kind) {
      case MAIN -> "main effect";
      case ADDED_ALONE -> "added alone";
      case TAKEN_FROM_ALL -> "taken from all";
      case INTERACTION -> "interaction";
    };
  }

  /** A figure with its caption; empty where nothing was measured. */
  String render() {
    if (effects.isEmpty()) {
      return "";
    }
    int block = LABEL + KINDS.size() * ROW + GAP;
    int bottom = ablation.design().factors().size() * block;
    String title = FigureNames.of(metric.reportName());
    StringBuilder svg =
        new StringBuilder("<figure><figcaption>")
            .append(Html.escape(title))
            .append("</figcaption><svg role=\"img\" aria-label=\"Effects on accuracy, ")
            .append(Html.escape(title))
            .append("; numbers in the tables below\" viewBox=\"0 0 ")
            .append(WIDTH)
            .append(' ')
            .append(bottom + AXIS)
            .append("\"><path class=\"zero\" d=\"M160 0V")
            .append(bottom)
            .append("\"/>\n");
    int y = 0;
    for (String factor : ablation.design().factors()) {
      svg.append("<text x=\"4\" y=\"")
          .append(y + LABEL - 5)
          .append("\">")
          .append(Html.escape(factor))
          .append("</text>");
      int row = y + LABEL + ROW / 2;
      for (EffectKind kind : KINDS) {
        int at = row;
        ablation.find(kind, List.of(factor), metric).ifPresent(e -> svg.append(effect(e, at)));
        row += ROW;
      }
      y += block;
      svg.append('\n');
    }
    String end = ReportNumbers.significant(100 * reach);
    return svg.append(tick(CENTRE - REACH, bottom, "-" + end))
        .append(tick(CENTRE, bottom, "0"))
        .append(tick(CENTRE + REACH, bottom, "+" + end))
        .append("</svg></figure>\n")
        .toString();
  }

  private String effect(FactorialEffect effect, int y) {
    double centre = x(effect.effect().mean());
    String interval = effect.ci95().map(ci -> " " + ReportNumbers.points(ci)).orElse("");
    StringBuilder svg =
        new StringBuilder("<g class=\"effect ")
            .append(effect.kind().reportName())
            .append("\"><title>")
            .append(
                Html.escape(
                    effect.factors().getFirst()
                        + ", "
                        + name(effect.kind())
                        + ": "
                        + ReportNumbers.points(effect.effect().mean())
                        + interval))
            .append("</title>");
    effect
        .ci95()
        .ifPresent(
            ci ->
                svg.append("<path d=\"M")
                    .append(number(x(ci.lo())))
                    .append(' ')
                    .append(y)
                    .append('H')
                    .append(number(x(ci.hi())))
                    .append("\"/>"));
    return svg.append(mark(effect.kind(), centre, y, HtmlEffects.isClear(effect)))
        .append("</g>")
        .toString();
  }

  private static String mark(EffectKind kind, double x, double y, boolean clear) {
    String start = "<path class=\"" + (clear ? "mark clear" : "mark") + "\" d=\"M";
    return switch (kind) {
      case MAIN -> start + number(x - 4) + " " + number(y) + "a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z\"/>";
      case ADDED_ALONE -> start + number(x) + " " + number(y - 5) + "l4.5 8.5h-9Z\"/>";
      case TAKEN_FROM_ALL -> start + number(x - 4) + " " + number(y - 4) + "h8v8h-8Z\"/>";
      case INTERACTION -> start + number(x) + " " + number(y - 5) + "l5 5l-5 5l-5-5Z\"/>";
    };
  }

  private static String tick(double x, int bottom, String text) {
    return "<text class=\"tick\" text-anchor=\"middle\" x=\""
        + number(x)
        + "\" y=\""
        + (bottom + AXIS - 5)
        + "\">"
        + text
        + "</text>";
  }

  /** How far from zero an effect's drawing reaches. */
  private static double extent(FactorialEffect effect) {
    return effect
        .ci95()
        .map(ci -> Math.max(Math.abs(ci.lo()), Math.abs(ci.hi())))
        .orElse(Math.abs(effect.effect().mean()));
  }

  private double x(double effect) {
    return CENTRE + (reach == 0 ? 0 : REACH * effect / reach);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
