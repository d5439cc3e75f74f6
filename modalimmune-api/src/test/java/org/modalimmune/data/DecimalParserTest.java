package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalParserTest {

  private static double parse(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return DecimalParser.parse(bytes, 1, bytes.length - 1);
  }

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(22);
    Arbitrary<String> sign = Arbitraries.of("", "-", "+");
    Arbitrary<String> exponent =
        Arbitraries.oneOf(
            Arbitraries.just(""), Arbitraries.integers().between(-340, 320).map(e -> "e" + e));
    return net.jqwik.api.Combinators.combine(
            sign, digits, Arbitraries.of("", "."), digits, exponent)
        .as((s, a, point, b, e) -> s + a + point + (point.isEmpty() ? "" : b) + e);
  }

  @Property(tries = 5000)
  void agreesWithTheJdkBitByBit(@ForAll("decimals") String text) {
    assertEquals(
        Double.doubleToLongBits(Double.parseDouble(text)), Double.doubleToLongBits(parse(text)));
  }

  @Property(tries = 2000)
  void readsEveryDoubleBack(@ForAll double value) {
    assertEquals(value, parse(Double.toString(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "e5",
        "1e",
        "1e+",
        "1.2.3",
        "0x1p3",
        "1f",
        "1d",
        "NaN",
        "Infinity",
        "1 2",
        "1,5",
        "--1",
        "1e5.0",
        "é",
        "١"
      })
  void whatIsNotADecimalNumberIsNaN(String text) {
    assertTrue(Double.isNaN(parse(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {".5", "5.", "-0", "00012", "1E+5", "9007199254740993", "1e999999999999"})
  void unusualFormsAgreeWithTheJdk(String text) {
    assertEquals(
        Double.doubleToLongBits(Double.parseDouble(text)), Double.doubleToLongBits(parse(text)));
  }
}
