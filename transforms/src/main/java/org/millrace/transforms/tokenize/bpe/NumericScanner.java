package org.millrace.transforms.tokenize.bpe;

/** The pre-tokenizer Digits: cuts numeric characters out, each alone or a whole run of them. */
final class NumericScanner implements PieceScanner {

  private final boolean individual;

  NumericScanner(boolean individual) {
    this.individual = individual;
  }

  @Override
  public int end(byte[] text, int from, int to) {
    boolean numeric = isNumeric(text, from);
    int at = from + Utf8.width(text[from]);
    if (numeric && individual) {
      return at;
    }
    while (at < to && isNumeric(text, at) == numeric) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  private static boolean isNumeric(byte[] text, int at) {
    return (Characters.flags(Utf8.codePoint(text, at)) & Characters.NUMERIC) != 0;
  }
}
