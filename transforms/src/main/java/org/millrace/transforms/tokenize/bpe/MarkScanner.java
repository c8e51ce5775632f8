package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts before each character that stands for a blank, as the pre-tokenizer Metaspace does. */
final class MarkScanner implements PieceScanner {

  private final byte[] mark;

  MarkScanner(String mark) {
    this.mark = mark.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether it cuts before {@code what}. */
  boolean cutsAt(String what) {
    return Arrays.equals(mark, what.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int end(byte[] text, int from, int to) {
    // The first character of a piece may be the mark.
    for (int at = from + 1; at + mark.length <= to; at++) {
      if (isAt(text, at)) {
        return at;
      }
    }
    return to;
  }

  private boolean isAt(byte[] text, int at) {
    for (int i = 0; i < mark.length; i++) {
      if (text[at + i] != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
