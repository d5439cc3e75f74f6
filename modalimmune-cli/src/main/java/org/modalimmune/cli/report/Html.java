package org.modalimmune.cli.report;

/** Small pieces of HTML; every text that comes from outside goes through {@link #escape}. */
final class Html {

  private Html() {}

  /** Text made safe for element content and quoted attributes. */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return safe.toString();
  }

  /**
   * JSON made safe inside a script element; {@code <}, {@code >} and {@code &} occur in strings
   * only.
   */
  static String scriptJson(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /** A cell with text that is escaped. */
  static String cell(String text) {
    return "<td>" + escape(text) + "</td>";
  }

  /** A numeric cell. */
  static String number(String text) {
    return "<td class=\"n\">" + escape(text) + "</td>";
  }

  /** A heading cell of a column. */
  static String head(String text) {
    return "<th scope=\"col\">" + escape(text) + "</th>";
  }

  /** A heading cell of a numeric column. */
  static String numberHead(String text) {
    return "<th scope=\"col\" class=\"n\">" + escape(text) + "</th>";
  }

  /** A heading cell of a row. */
  static String rowHead(String text) {
    return "<th scope=\"row\">" + escape(text) + "</th>";
  }

  /** A table that scrolls sideways when the screen is narrower, under a caption that does not. */
  static String table(String caption, String head, String body) {
    String safe = escape(caption);
    return "<p class=\"caption\">"
        + safe
        + "</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
        + safe
        + "\"><table aria-label=\""
        + safe
        + "\"><thead><tr>"
        + head
        + "</tr></thead><tbody>\n"
        + body
        + "</tbody></table></div>\n";
  }

  /** A table behind a line that opens it. */
  static String folded(String title, String content) {
    return "<details><summary>" + escape(title) + "</summary>\n" + content + "</details>\n";
  }
}
