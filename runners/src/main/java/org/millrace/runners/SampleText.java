package org.millrace.runners;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.Tokenizer;

/**
 * Shows a sample as text with its ids beside it, document by document.
 *
 * @param endOfText the token that ends a document, where there is one
 */
record SampleText(Tokenizer tokenizer, OptionalInt endOfText) {

  private static final int IDS_SHOWN = 12;

  /**
   * The sample's documents, as far as they are in it.
   *
   * @param limit how many characters of each document are shown
   */
  List<String> lines(TokenIds sample, int limit) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int number = 1;
    while (start < sample.length()) {
      int end = documentEnd(sample, start);
      int next = paddingEnd(sample, end);
      TokenIds part = sample.slice(start, end);
      lines.add(
          String.format(
              "--- document %d: tokens %d..%d%s", number++, start, end - 1, ending(part)));
      lines.add("    ids " + ids(part));
      shorten(tokenizer.decode(part), limit)
          .lines()
          .forEach(line -> lines.add("    " + printable(line)));
      if (next > end) {
        String more = printable(tokenizer.decode(sample.slice(end, end + 1)));
        lines.add(
            String.format("--- tokens %d..%d: %d more of %s", end, next - 1, next - end, more));
      }
      start = next;
    }
    return lines;
  }

  private int documentEnd(TokenIds sample, int start) {
    int end = start;
    while (end < sample.length() && !isEnd(sample.get(end))) {
      end++;
    }
    return Math.min(sample.length(), end + 1);
  }

  /** A sample may be padded with the end-of-text, which hides the text when shown as it is. */
  private int paddingEnd(TokenIds sample, int start) {
    int end = start;
    while (end < sample.length() && isEnd(sample.get(end))) {
      end++;
    }
    return end;
  }

  private boolean isEnd(int id) {
    return endOfText.isPresent() && id == endOfText.getAsInt();
  }

  private String ending(TokenIds part) {
    if (endOfText.isEmpty()) {
      return "";
    }
    boolean ends = isEnd(part.get(part.length() - 1));
    return ends ? ", ends here" : ", goes on in another sample";
  }

  private static String ids(TokenIds part) {
    if (part.length() <= 2 * IDS_SHOWN) {
      return join(part);
    }
    return join(part.slice(0, IDS_SHOWN))
        + " ... "
        + join(part.slice(part.length() - IDS_SHOWN, part.length()));
  }

  private static String join(TokenIds ids) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < ids.length(); i++) {
      words.add(Integer.toString(ids.get(i)));
    }
    return String.join(" ", words);
  }

  private static String shorten(String text, int limit) {
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

  /** Text is data: it must not steer the terminal. */
  private static String printable(String line) {
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
}
