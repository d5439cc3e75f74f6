package org.modalimmune.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {

  @Provide
  Arbitrary<JsonValue> values() {
    Arbitrary<String> text =
        Arbitraries.strings().all().ofMaxLength(8).filter(JsonValueTest::isWellFormed);
    return Arbitraries.lazyOf(
        () -> text.map(JsonValue.JsonString::new),
        () -> Arbitraries.longs().map(JsonValue.JsonNumber::of),
        () -> Arbitraries.doubles().map(JsonValue.JsonNumber::of),
        () -> Arbitraries.of(true, false).map(JsonValue.JsonBoolean::new),
        () -> Arbitraries.just(new JsonValue.JsonNull()),
        () -> values().list().ofMaxSize(3).map(JsonValue.JsonArray::new),
        () -> Arbitraries.maps(text, values()).ofMaxSize(3).map(JsonValue.JsonObject::new));
  }

  private static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }

  @Property(tries = 300)
  void textReadsBackAsTheSameValue(@ForAll("values") JsonValue value) {
    assertEquals(value, JsonValue.parse(value.toJson()));
    assertEquals(value, JsonValue.parse(value.toPrettyJson()));
  }

  @Property(tries = 500)
  void anyTextIsReadOrRefusedWithTheTypedException(@ForAll String text) {
    try {
      JsonValue.parse(text);
    } catch (DataException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("JSON: "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "nul",
        "truex",
        "NaN",
        "Infinity",
        "'a'",
        "[1,]",
        "[1 2]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{} {}",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"a",
        "\"a\nb\"",
        "[",
        "{\"a\":1,\"a\":2}"
      })
  void malformedTextIsRefused(String text) {
    assertThrows(DataException.class, () -> JsonValue.parse(text));
  }

  @Test
  void nestingIsBounded() {
    String deep = "[".repeat(JsonValue.MAX_DEPTH + 1) + "]".repeat(JsonValue.MAX_DEPTH + 1);
    JsonValue.parse(deep.substring(1, deep.length() - 1));
    assertThrows(DataException.class, () -> JsonValue.parse("[" + deep + "]"));
    assertThrows(DataException.class, () -> JsonValue.parse("[".repeat(1_000_000)));
  }

  @Test
  void integersSurviveUnrounded() {
    JsonValue.JsonNumber number = new JsonValue.JsonNumber("9007199254740993");
    assertEquals(9007199254740993L, number.longValue());
    assertThrows(DataException.class, () -> new JsonValue.JsonNumber("1.5").longValue());
    assertThrows(DataException.class, () -> JsonValue.JsonNumber.of(Double.NaN));
  }

  @Test
  void membersKeepTheirOrderAndEscapesAreMinimal() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("z", JsonValue.JsonNumber.of(1));
    members.put("a\n", new JsonValue.JsonArray(List.of(new JsonValue.JsonString("\u0001é\"\\"))));
    assertEquals(
        "{\"z\":1,\"a\\n\":[\"\\u0001é\\\"\\\\\"]}", new JsonValue.JsonObject(members).toJson());
  }
}
