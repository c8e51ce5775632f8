package org.millrace.transforms.tokenize.bpe;

import java.nio.charset.StandardCharsets;

/**
 * Cuts of a piece of characters. Where the character that stands for a blank never merges with what
 * comes before it, but for its like, the cuts are first of all there, so that words come out.
 */
final class CharacterCuts implements Cuts {

  private static final int ASCII = 0x80;

  // A pair that is not joined may pass as joined where two pairs share a bit: a cut less.
  private static final int BITS = 18;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final CharacterSymbols symbols;
  private final boolean blankForm;
  private final int mark;
  private final byte[] markBytes;
  private final long[] joined = new long[1 << (BITS - 6)];
  // The same for two ASCII characters, all that is said in isBorder put together.
  private final long[] asciiBorders = new long[2 * ASCII];
  private boolean joinsMark;
  private boolean joinsStandIns;

  /**
   * Knows of no merges yet.
   *
   * @param blankForm whether texts and words come in the {@link BlankForm}
   */
  CharacterCuts(CharacterSymbols symbols, boolean blankForm) {
    this.symbols = symbols;
    this.blankForm = blankForm;
    this.mark = blankForm ? ' ' : BlankForm.MARK_CHARACTER;
    this.markBytes = Character.toString(mark).getBytes(StandardCharsets.UTF_8);
  }

  /** Takes note of a merge. */
  void see(String left, String right) {
    int last = inForm(left.codePointBefore(left.length()));
    int first = inForm(right.codePointAt(0));
    long bit = bit(last, first);
    joined[(int) (bit >>> 6)] |= 1L << bit;
    joinsMark |= first == mark && last != mark;
    joinsStandIns |= symbols.isStandIn(left) || symbols.isStandIn(right);
  }

  private int inForm(int codePoint) {
    return blankForm && codePoint == BlankForm.MARK_CHARACTER ? ' ' : codePoint;
  }

  /** Must come after the last merge, and before the first text. */
  void finish() {
    for (int last = 0; last < ASCII; last++) {
      for (int first = 0; first < ASCII; first++) {
        if (isBorder(last, first)) {
          asciiBorders[last << 1 | first >> 6] |= 1L << first;
        }
      }
    }
  }

  private static long bit(int last, int first) {
    return (((long) last << 21 | first) * MULTIPLIER) >>> (64 - BITS);
  }

  @Override
  public int next(byte[] text, int from, int to, int most) {
    // Looking further would make long pieces without a mark take the square of their length.
    int near = (int) Math.min(to, (long) from + most + 1);
    int end = near;
    if (!joinsMark && !joinsStandIns && symbols.of(mark) != CharacterSymbols.NONE) {
      end = nextMark(text, from, near);
    }
    return end - from <= most ? end : nextBorder(text, from, to);
  }

  /** Where a run of marks begins behind {@code from}; one at {@code from} does not count. */
  private int nextMark(byte[] text, int from, int to) {
    int at = from;
    while (Replace.isAt(markBytes, text, at, to)) {
      at += markBytes.length;
    }
    while (at < to && !(text[at] == markBytes[0] && Replace.isAt(markBytes, text, at, to))) {
      at++;
    }
    return at;
  }

  private int nextBorder(byte[] text, int from, int to) {
    int last = Utf8.codePoint(text, from);
    int at = from + Utf8.width(text[from]);
    while (at < to) {
      int first = text[at];
      boolean border;
      int next = at + 1;
      if (first >= 0 && last < ASCII) {
        border = (asciiBorders[last << 1 | first >> 6] >>> first & 1) != 0;
      } else {
        next = at + Utf8.width(text[at]);
        first = Utf8.codePoint(text, at);
        border = isBorder(last, first);
      }
      if (border) {
        return at;
      }
      last = first;
      at = next;
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
