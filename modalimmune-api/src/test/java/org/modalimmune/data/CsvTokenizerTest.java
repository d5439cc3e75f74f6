package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modalimmune.io.DataException;

class CsvTokenizerTest {

  private static List<List<String>> read(byte[] bytes) throws IOException {
    CsvTokenizer tokenizer = new CsvTokenizer(new ByteArrayInputStream(bytes), "f.csv");
    List<List<String>> records = new ArrayList<>();
    while (tokenizer.next()) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < tokenizer.fields(); i++) {
        fields.add(tokenizer.text(i));
      }
      records.add(fields);
    }
    return records;
  }

  private static List<List<String>> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> field =
        Arbitraries.strings()
            .withChars("ab ,\"\r\n\t\u00e9\u4e2d")
            .ofMaxLength(6)
            .injectDuplicates(0.2);
    return Arbitraries.integers()
        .between(1, 5)
        .flatMap(width -> field.list().ofSize(width).list().ofMaxSize(6));
  }

  @Property(tries = 500)
  void quotedTextReadsBack(
      @ForAll("tables") List<List<String>> table, @ForAll boolean crlf, @ForAll boolean mark)
      throws IOException {
    String text =
        table.stream()
            .map(
                row ->
                    row.stream()
                            .map(f -> '"' + f.replace("\"", "\"\"") + '"')
                            .collect(Collectors.joining(","))
                        + (crlf ? "\r\n" : "\n"))
            .collect(Collectors.joining());
    assertEquals(table, read((mark ? "\ufeff" : "") + text));
  }

  @Test
  void recordsAcrossBufferEndsStayWhole() throws IOException {
    String field = "x".repeat(40_000);
    assertEquals(
        List.of(List.of(field, field, "1"), List.of("2", field, "")),
        read(field + "," + field + ",1\r\n2," + field + ","));
  }

  @Test
  void theLastLineNeedsNoEndAndABlankLineIsOneEmptyField() throws IOException {
    assertEquals(List.of(List.of("a", "b"), List.of("c")), read("a,b\nc"));
    assertEquals(List.of(List.of("a"), List.of(""), List.of("b")), read("a\n\nb\n"));
    assertEquals(List.of(), read(""));
  }

  @Test
  void linesAreCountedThroughQuotedLineEnds() throws IOException {
    CsvTokenizer tokenizer =
        new CsvTokenizer(
            new ByteArrayInputStream("\"a\nb\"\r\nc\n".getBytes(StandardCharsets.UTF_8)), "f");
    assertTrue(tokenizer.next());
    assertEquals(1, tokenizer.line());
    assertTrue(tokenizer.next());
    assertEquals(3, tokenizer.line());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {"a\"b|quote inside", "\"a|never closed", "\"a\"b|after a closing", "a~b|return"})
  void brokenQuotingNamesTheLine(String line, String reason) {
    String text = "h\n" + line.replace('~', '\r') + "\n";
    DataException e = assertThrows(DataException.class, () -> read(text));
    assertTrue(String.valueOf(e.getMessage()).startsWith("f.csv, line 2: "), e::getMessage);
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
  }

  @Test
  void malformedUtf8IsRefused() {
    DataException e =
        assertThrows(DataException.class, () -> read(new byte[] {'a', ',', (byte) 0xc3, '\n'}));
    assertEquals("f.csv, line 1: field 2 is not UTF-8; save the file as UTF-8", e.getMessage());
  }
}
