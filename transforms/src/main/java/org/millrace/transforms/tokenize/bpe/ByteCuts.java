package org.millrace.transforms.tokenize.bpe;

import java.util.BitSet;

/** Cuts of a piece whose bytes are the characters of the vocabulary. */
final class ByteCuts implements Cuts {

  // The last byte of a left part and the first of a right part, of all merges.
  private final BitSet joined = new BitSet(1 << 16);

  /** Takes note of a merge. */
  void see(String left, String right) {
    byte[] before = ByteSymbols.bytes(left);
    byte[] behind = ByteSymbols.bytes(right);
    // Tokens that are not made of bytes never come from text.
    if (before.length > 0 && behind.length > 0) {
      joined.set(index(before[before.length - 1], behind[0]));
    }
  }

  private static int index(byte last, byte first) {
    return (last & 0xFF) << Byte.SIZE | (first & 0xFF);
  }

  @Override
  public int next(byte[] text, int from, int to) {
    if (to - from <= ShortWords.MAX_BYTES) {
      return to;
    }
    int at = from + 1;
    while (at < to && joined.get(index(text[at - 1], text[at]))) {
      at++;
    }
    return at;
  }
}
