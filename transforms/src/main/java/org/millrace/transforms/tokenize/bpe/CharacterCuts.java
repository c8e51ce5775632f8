package org.millrace.transforms.tokenize.bpe;

/**
 * Cuts of a piece of characters. Where the character that stands for a blank never merges with what
 * comes before it, but for its like, the cuts are first of all there, so that words come out.
 */
final class CharacterCuts implements Cuts {

  private static final int MARK = 0x2581;
  private static final byte[] MARK_BYTES = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};

  // A pair that is not joined may pass as joined where two pairs share a bit: a cut less.
  private static final int BITS = 18;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final CharacterSymbols symbols;
  private final long[] joined = new long[1 << (BITS - 6)];
  private boolean joinsMark;
  private boolean joinsStandIns;

  CharacterCuts(CharacterSymbols symbols) {
    this.symbols = symbols;
  }

  /** Takes note of a merge. */
  void see(String left, String right) {
    int last = left.codePointBefore(left.length());
    int first = right.codePointAt(0);
    long bit = bit(last, first);
    joined[(int) (bit >>> 6)] |= 1L << bit;
    joinsMark |= first == MARK && last != MARK;
    joinsStandIns |= symbols.isStandIn(left) || symbols.isStandIn(right);
  }

  private static long bit(int last, int first) {
    return (((long) last << 21 | first) * MULTIPLIER) >>> (64 - BITS);
  }

  @Override
  public int next(byte[] text, int from, int to, int most) {
    // Looking further would make long pieces without a mark take the square of their length.
    int near = (int) Math.min(to, (long) from + most + 1);
    int end = near;
    if (!joinsMark && !joinsStandIns && symbols.of(MARK) != CharacterSymbols.NONE) {
      end = nextMark(text, from, near);
    }
    return end - from <= most ? end : nextBorder(text, from, to);
  }

  /** Where a run of marks begins behind {@code from}; one at {@code from} does not count. */
  private static int nextMark(byte[] text, int from, int to) {
    int at = from;
    while (Replace.isAt(MARK_BYTES, text, at, to)) {
      at += MARK_BYTES.length;
    }
    while (at < to && !(text[at] == MARK_BYTES[0] && Replace.isAt(MARK_BYTES, text, at, to))) {
      at++;
    }
    return at;
  }

  private int nextBorder(byte[] text, int from, int to) {
    int last = Utf8.codePoint(text, from);
    int at = from + Utf8.width(text[from]);
    while (at < to) {
      int first = Utf8.codePoint(text, at);
      if (isBorder(last, first)) {
        return at;
      }
      last = first;
      at += Utf8.width(text[at]);
    }
    return to;
  }

  private boolean isBorder(int last, int first) {
    boolean lastShown = symbols.of(last) != CharacterSymbols.NONE;
    boolean firstShown = symbols.of(first) != CharacterSymbols.NONE;
    if (lastShown && firstShown) {
      long bit = bit(last, first);
      return (joined[(int) (bit >>> 6)] & 1L << bit) == 0;
    }
    return !joinsStandIns && (lastShown || firstShown || symbols.isAllBytes());
  }
}
