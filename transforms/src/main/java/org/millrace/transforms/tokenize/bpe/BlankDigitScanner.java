package org.millrace.transforms.tokenize.bpe;

/** Cuts each ASCII digit out, with at most one blank before it, or without. */
final class BlankDigitScanner implements PieceScanner {

  static final String PATTERN = " ?[0-9]";

  private final boolean withBlank;

  BlankDigitScanner(boolean withBlank) {
    this.withBlank = withBlank;
  }

  @Override
  public int end(byte[] text, int from, int to) {
    int match = match(text, from, to);
    if (match > 0) {
      return from + match;
    }
    int at = from + 1;
    while (at < to && match(text, at, to) == 0) {
      at++;
    }
    return at;
  }

  private int match(byte[] text, int at, int to) {
    if (isDigit(text[at])) {
      return 1;
    }
    return withBlank && text[at] == ' ' && at + 1 < to && isDigit(text[at + 1]) ? 2 : 0;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
