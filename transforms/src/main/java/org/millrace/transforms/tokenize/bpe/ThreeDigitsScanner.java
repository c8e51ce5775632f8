package org.millrace.transforms.tokenize.bpe;

/** Cuts each three ASCII digits out, from left to right; fewer stay with what is beside them. */
final class ThreeDigitsScanner implements PieceScanner {

  /** Falcon, tokenizer.json. */
  static final String PATTERN = "[0-9][0-9][0-9]";

  private static final int DIGITS = 3;

  @Override
  public int end(byte[] text, int from, int to) {
    if (isMatch(text, from, to)) {
      return from + DIGITS;
    }
    int at = from + 1;
    while (at < to && !isMatch(text, at, to)) {
      at++;
    }
    return at;
  }

  private static boolean isMatch(byte[] text, int at, int to) {
    return to - at >= DIGITS && isDigit(text[at]) && isDigit(text[at + 1]) && isDigit(text[at + 2]);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
