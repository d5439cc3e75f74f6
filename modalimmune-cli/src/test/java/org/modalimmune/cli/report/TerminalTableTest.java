package org.modalimmune.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.evaluate.ComparisonMetric;
import org.modalimmune.evaluate.EffectKind;
import org.modalimmune.evaluate.FactorialReport;
import org.modalimmune.evaluate.Report;

class TerminalTableTest {

  private static final TerminalStyle UTF8 = TerminalStyle.of(StandardCharsets.UTF_8, false);

  private static String render(Report report, TerminalStyle style) {
    return new TerminalTable(style).render(report);
  }

  @Test
  void noLineIsWiderThanTheTable() {
    String longName = "a name that no column was ever meant to hold ".repeat(4);
    for (Report report :
        List.of(
            SampleReports.synthetic(),
            SampleReports.large(),
            SampleReports.ablation(),
            SampleReports.oneSeed(),
            SampleReports.named(longName),
            SampleReports.named("<".repeat(300)))) {
      for (String line : render(report, UTF8).split("\n", -1)) {
        assertTrue(
            line.codePointCount(0, line.length()) <= TerminalTable.WIDTH, "too wide: " + line);
      }
    }
  }

  @Test
  void figuresAreThoseOfTheReport() {
    Report report = SampleReports.synthetic();
    var immune = report.methods().get(3);
    String mean = ReportNumbers.percent(immune.robustMean().orElseThrow().accuracy(), "±");
    String row =
        render(report, UTF8)
            .lines()
            .filter(line -> line.startsWith("immune "))
            .findFirst()
            .orElseThrow();
    assertTrue(row.contains(mean), row);
    assertTrue(row.contains(ReportNumbers.percent(immune.full().accuracy(), "±")), row);
    assertTrue(render(report, UTF8).contains("(ceiling)"));
    assertFalse(render(SampleReports.large(), UTF8).contains("(ceiling)"));
  }

  @Test
  void columnsOfATableAreAligned() {
    List<String> rows =
        render(SampleReports.synthetic(), UTF8)
            .lines()
            .skip(1)
            .takeWhile(line -> !line.startsWith("(ceiling)"))
            .toList();
    assertEquals(6, rows.size());
    int end = rows.getFirst().indexOf("full") + 4;
    for (String row : rows.subList(1, 6)) {
      assertTrue(Character.isDigit(row.charAt(end - 1)) && row.charAt(end) == ' ', row);
    }
  }

  @Test
  void nothingButTextReachesWhatIsNoTerminal() {
    String evil = "\u001b[2J\u202e\r\n\u0007name";
    String text = render(SampleReports.named(evil), UTF8);
    assertTrue(text.codePoints().allMatch(c -> c == '\n' || !Character.isISOControl(c)), text);
    assertFalse(text.contains("\u202e"));
    assertTrue(
        render(SampleReports.synthetic(), new TerminalStyle(true, "±")).contains("\u001b[1m"));
    String ascii =
        render(SampleReports.synthetic(), TerminalStyle.of(StandardCharsets.US_ASCII, false));
    assertTrue(ascii.chars().allMatch(c -> c < 128));
  }

  @Test
  void oneSeedShowsNoInterval() {
    String text = render(SampleReports.oneSeed(), UTF8);
    assertFalse(text.contains("±"));
    assertTrue(text.contains("no interval"));
  }

  @Test
  void effectsAreShownWithTheirMarks() {
    Report report = SampleReports.ablation();
    FactorialReport ablation = report.ablation().orElseThrow();
    String text = render(report, UTF8);
    List<String> mains =
        text.lines().dropWhile(l -> !l.startsWith("Main effects")).skip(2).limit(4).toList();
    for (int j = 0; j < 4; j++) {
      String factor = ablation.design().factors().get(j);
      assertTrue(mains.get(j).startsWith(factor), mains.get(j));
      for (ComparisonMetric metric : ComparisonMetric.OF_FACTORS) {
        var effect = ablation.find(EffectKind.MAIN, List.of(factor), metric).orElseThrow();
        String cell =
            ReportNumbers.points(effect.effect().mean())
                + " ±"
                + ReportNumbers.halfWidth(effect.ci95().orElseThrow())
                + (effect.correctedP().orElseThrow() < 0.05 ? "*" : "");
        assertTrue((mains.get(j) + " ").contains(" " + cell + " "), cell + " in " + mains.get(j));
      }
    }
    assertTrue(mains.getFirst().contains("*") && !mains.getLast().contains("*"), text);
    assertTrue(text.contains("\ncontroller+masking+hypergradient "), text);
    assertTrue(text.contains("\ncollapse x controller "), text);
    assertTrue(text.contains("\n(ceiling)"), text);
    assertFalse(render(SampleReports.synthetic(), UTF8).contains("Main effects"));
  }
}
