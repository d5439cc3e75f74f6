package org.modalimmune.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.modalimmune.evaluate.Summary;

class ReportNumbersTest {

  @Test
  void numbersReadAsPeopleWriteThem() {
    assertEquals("90.1", ReportNumbers.percent(0.9012));
    assertEquals("0.0", ReportNumbers.percent(-0.0001));
    assertEquals("70.0 ± 0.0", ReportNumbers.percent(Summary.of(0.7, 0.7), "±"));
    assertEquals("70.0", ReportNumbers.percent(Summary.of(0.7), "±"));
    assertEquals("+0.52", ReportNumbers.points(0.0052));
    assertEquals("-0.52", ReportNumbers.points(-0.0052));
    assertEquals("0.00", ReportNumbers.points(-0.00001));
    assertEquals("<0.001", ReportNumbers.p(OptionalDouble.of(0.0009)));
    assertEquals("0.0031", ReportNumbers.p(OptionalDouble.of(0.0031)));
    assertEquals("0.031", ReportNumbers.p(OptionalDouble.of(0.031)));
    assertEquals("0.31", ReportNumbers.p(OptionalDouble.of(0.31)));
    assertEquals("-", ReportNumbers.p(OptionalDouble.empty()));
    assertEquals("1.23", ReportNumbers.significant(1.234));
    assertEquals("123", ReportNumbers.significant(123.4));
    assertEquals("1.00e-05", ReportNumbers.significant(1e-5));
    assertEquals("2", ReportNumbers.plain(2.0));
    assertEquals("0.25", ReportNumbers.plain(0.25));
  }

  @Test
  void theMachinesLanguageDoesNotShow() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertEquals("90.1", ReportNumbers.percent(0.9012));
      String german = HtmlReport.toHtml(SampleReports.oneSeed());
      Locale.setDefault(Locale.ROOT);
      assertEquals(HtmlReport.toHtml(SampleReports.oneSeed()), german);
    } finally {
      Locale.setDefault(before);
    }
  }
}
