package org.modalimmune.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.modalimmune.evaluate.EffectKind;
import org.modalimmune.evaluate.FactorialEffect;
import org.modalimmune.evaluate.FactorialReport;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.Report;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {

  private static final Pattern SCRIPT =
      Pattern.compile("<script([^>]*)>(.*?)</script>", Pattern.DOTALL);

  /** The page without the chart library, whose licence names addresses that nothing fetches. */
  private static String own(String page) {
    List<String> scripts = scripts(page);
    return page.replace(scripts.get(1), "");
  }

  private static List<String> scripts(String page) {
    List<String> scripts = new ArrayList<>();
    Matcher matcher = SCRIPT.matcher(page);
    while (matcher.find()) {
      scripts.add(matcher.group(2));
    }
    assertEquals(3, scripts.size());
    return scripts;
  }

  @Test
  void nothingIsFetched() {
    String page = HtmlReport.toHtml(SampleReports.synthetic());
    String own = own(page).replace("http://www.w3.org/2000/svg", "");
    assertFalse(own.contains("http://") || own.contains("https://"));
    assertFalse(Pattern.compile("\\s(src|href|action|srcset)\\s*=").matcher(own).find());
    assertFalse(Pattern.compile("url\\(|@import").matcher(own).find());
    assertTrue(page.contains("default-src 'none'"));
  }

  @Test
  void thePolicyNamesExactlyTheScriptsOfThePage() throws Exception {
    String page = HtmlReport.toHtml(SampleReports.oneSeed());
    List<String> scripts = scripts(page);
    StringBuilder policy = new StringBuilder("script-src");
    for (String script : scripts.subList(1, 3)) {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      policy.append(" 'sha256-").append(Base64.getEncoder().encodeToString(digest)).append("'");
    }
    assertTrue(page.contains(policy + "\">"));
    assertFalse(page.contains("\r"));
  }

  @Test
  void namesFromFilesStayText() {
    for (String evil :
        List.of(
            "</script><img src=x onerror=alert(1)>",
            "\"'><svg onload=alert(1)>",
            "<!--<script>",
            "\" onmouseover=\"alert(1)",
            "' onmouseover='alert(1)",
            "{{script}}{{nothing}}",
            "$1\\u003c/script>&lt;")) {
      String page = HtmlReport.toHtml(SampleReports.named(evil));
      String own = own(page);
      assertEquals(3, scripts(page).size());
      boolean special = evil.chars().anyMatch(c -> "<>&\"'".indexOf(c) >= 0);
      assertFalse(special && own.replace(scripts(page).getFirst(), "").contains(evil), evil);
      assertFalse(own.contains("<img"), evil);
      assertFalse(own.contains("<svg onload"), evil);
      assertFalse(own.contains("<!--"), evil);
      assertFalse(own.replace(Html.escape(evil), "").contains("onerror=alert(1)>"), evil);
      String data = scripts(page).getFirst();
      assertFalse(data.contains("<") || data.contains(">") || data.contains("&"), evil);
      JsonNode parsed = JsonMapper.builder().build().readTree(data);
      assertEquals(evil, parsed.get("modalities").get(0).stringValue());
      assertTrue(page.contains("<h1>Robustness report: " + Html.escape(evil) + "</h1>"));
    }
  }

  @Test
  void tablesHoldEveryFigureWithoutScripts() {
    Report report = SampleReports.large();
    String page = HtmlReport.toHtml(report);
    String still = SCRIPT.matcher(page).replaceAll("");
    for (MethodReport method : report.methods()) {
      for (PatternResult pattern : method.patterns()) {
        String cell =
            Html.escape(
                method.name()
                    + ", "
                    + String.join(" + ", pattern.present())
                    + ": "
                    + ReportNumbers.percent(pattern.told().accuracy(), "±")
                    + " %");
        assertTrue(still.contains(cell), cell);
      }
      method
          .corruptions()
          .forEach(
              c -> assertTrue(still.contains(ReportNumbers.percent(c.metrics().accuracy(), "±"))));
      assertTrue(still.contains(Html.escape(method.description())));
    }
    assertTrue(still.contains(Html.escape(report.command())));
    assertTrue(still.contains(Html.escape(report.notes().getFirst())));
  }

  @Test
  void elementsAreClosedInOrder() {
    for (Report report :
        List.of(
            SampleReports.synthetic(),
            SampleReports.large(),
            SampleReports.ablation(),
            SampleReports.oneSeed())) {
      String page = SCRIPT.matcher(HtmlReport.toHtml(report)).replaceAll("");
      page = page.replaceAll("(?s)<style>.*</style>", "");
      List<String> open = new ArrayList<>();
      Matcher tag = Pattern.compile("<(/?)([a-z0-9]+)((?:[^>\"]|\"[^\"]*\")*)>").matcher(page);
      while (tag.find()) {
        String name = tag.group(2);
        if (tag.group(1).isEmpty()) {
          if (!List.of("meta", "input").contains(name) && !tag.group(3).endsWith("/")) {
            open.add(name);
          }
        } else {
          assertEquals(open.removeLast(), name);
        }
      }
      assertEquals(List.of(), open);
    }
  }

  @Test
  void theCeilingIsDrawnWhereItIsKnown() {
    assertTrue(HtmlReport.toHtml(SampleReports.synthetic()).contains("id=\"ceiling-charts\""));
    assertFalse(HtmlReport.toHtml(SampleReports.large()).contains("id=\"ceiling-charts\""));
  }

  @Test
  void effectsAreDrawnAndTabled() {
    Report report = SampleReports.ablation();
    FactorialReport ablation = report.ablation().orElseThrow();
    String still = SCRIPT.matcher(HtmlReport.toHtml(report)).replaceAll("");
    String section = still.substring(still.indexOf("<section id=\"ablation\">"));
    section = section.substring(0, section.indexOf("</section>"));
    for (FactorialEffect effect : ablation.effects()) {
      String mean = ReportNumbers.points(effect.effect().mean());
      assertTrue(section.contains(Html.number(mean)), effect.toString());
      assertTrue(
          section.contains(Html.number(ReportNumbers.points(effect.ci95().orElseThrow()))),
          effect.toString());
    }
    // Three kinds for each of four operators in six pictures, one mark each, and the legend's.
    assertEquals(3 * 4 * 6 + 3, count(section, "class=\"mark"));
    long clear =
        ablation.effects().stream()
            .filter(e -> e.kind() != EffectKind.INTERACTION)
            .filter(e -> e.correctedP().orElseThrow() < 0.05)
            .count();
    assertTrue(clear > 0);
    assertEquals(clear + 3, count(section, "class=\"mark clear"));
    assertFalse(HtmlReport.toHtml(SampleReports.synthetic()).contains("id=\"ablation\""));
  }

  @Test
  void ofManyVariantsTheEndsAreDrawnFirst() {
    JsonNode data =
        JsonMapper.builder()
            .build()
            .readTree(scripts(HtmlReport.toHtml(SampleReports.ablation())).getFirst());
    List<String> shown = new ArrayList<>();
    data.get("methods")
        .forEach(
            m -> {
              if (m.get("shown").booleanValue()) {
                shown.add(m.get("name").stringValue());
              }
            });
    assertEquals(List.of("dropout-noise", "none", "all"), shown);
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void equalReportsGiveEqualPages() {
    assertEquals(
        HtmlReport.toHtml(SampleReports.synthetic()), HtmlReport.toHtml(SampleReports.synthetic()));
  }

  @Test
  void textOnTheHeatMapIsReadable() {
    // WCAG 2 asks for a contrast of 4.5 for text; black or white always reaches it.
    for (int i = 0; i <= 100; i++) {
      double light = luminance(Viridis.color(i / 100.0));
      double text = Viridis.textColor(i / 100.0).equals("#fff") ? 1 : 0;
      double contrast = (Math.max(light, text) + 0.05) / (Math.min(light, text) + 0.05);
      assertTrue(contrast >= 4.5, i + ": " + contrast);
      if (i > 0) {
        assertTrue(light > luminance(Viridis.color((i - 1) / 100.0)), "not lighter at " + i);
      }
    }
  }

  private static double luminance(String color) {
    double sum = 0;
    double[] weights = {0.2126, 0.7152, 0.0722};
    for (int c = 0; c < 3; c++) {
      double v = Integer.parseInt(color.substring(1 + 2 * c, 3 + 2 * c), 16) / 255.0;
      sum += weights[c] * (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
  }
}
