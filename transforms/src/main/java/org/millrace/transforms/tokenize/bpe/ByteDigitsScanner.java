package org.millrace.transforms.tokenize.bpe;

/**
 * The pre-tokenizer Digits behind ByteLevel, where it meets the characters that stand for bytes:
 * beside the digits, the bytes of a few others pass for numeric, as 0xB2, whose character is a
 * small two.
 */
final class ByteDigitsScanner implements PieceScanner {

  private final boolean individual;
  private final boolean[] numeric = new boolean[ByteSymbols.BYTES];

  ByteDigitsScanner(boolean individual) {
    this.individual = individual;
    for (int b = 0; b < numeric.length; b++) {
      numeric[b] = (Characters.flags(ByteSymbols.character(b)) & Characters.NUMERIC) != 0;
    }
  }

  @Override
  public int end(byte[] text, int from, int to) {
    boolean first = numeric[text[from] & 0xFF];
    int at = from + 1;
    if (first && individual) {
      return at;
    }
    while (at < to && numeric[text[at] & 0xFF] == first) {
      at++;
    }
    return at;
  }
}
