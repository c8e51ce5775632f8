package org.millrace.runners;

/** Makes text that comes from files fit to be shown: it must not steer the terminal. */
final class PlainText {

  private PlainText() {}

  /** A line with what is not to be seen written out. */
  static String of(String line) {
    StringBuilder text = new StringBuilder();
    line.codePoints()
        .forEach(
            c -> {
              boolean control = Character.isISOControl(c) && c != '\t';
              boolean format = Character.getType(c) == Character.FORMAT;
              if (control || format) {
                text.append(String.format("\\u%04x", c));
              } else {
                text.appendCodePoint(c);
              }
            });
    return text.toString();
  }

  /** The begin and the end of a text that is longer than {@code limit} characters. */
  static String shorten(String text, int limit) {
    int length = text.codePointCount(0, text.length());
    if (length <= limit) {
      return text;
    }
    int head = text.offsetByCodePoints(0, limit / 2);
    int tail = text.offsetByCodePoints(text.length(), -limit / 2);
    return text.substring(0, head)
        + "\n[... "
        + Amounts.count(length - 2L * (limit / 2))
        + " characters ...]\n"
        + text.substring(tail);
  }
}
