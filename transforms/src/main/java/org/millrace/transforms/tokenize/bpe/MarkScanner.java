package org.millrace.transforms.tokenize.bpe;

/** Cuts before each character that stands for a blank, as the pre-tokenizer Metaspace does. */
final class MarkScanner implements PieceScanner {

  private final byte[] mark;

  MarkScanner(byte[] mark) {
    this.mark = mark.clone();
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
