package org.millrace.transforms.tokenize.bpe;

/**
 * Cuts of a piece of characters. Where the character that stands for a blank never merges with what
 * comes before it, but for its like, the cuts are first of all there, so that words come out.
 */
final class CharacterCuts implements Cuts {

  private static final int ASCII = 0x80;

  // Each pair sets two bits, which two parts of its hash say. One that is not joined may pass as
  // joined where others set the same two: a cut less.
  private static final int WORDS = 1 << 12;
  private static final int FIRST = 46;
  private static final int SECOND = 28;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final CharacterSymbols symbols;
  private final boolean blankForm;
  private final long[] joined = new long[WORDS];
  // The same for two ASCII characters without a bit shared, and what isBorder makes of it.
  private final long[] asciiJoined = new long[2 * ASCII];
  private final long[] asciiBorders = new long[2 * ASCII];
  private boolean joinsStandIns;

  /**
   * Knows of no merges yet.
   *
   * @param blankForm whether texts and words come in the {@link BlankForm}
   */
  CharacterCuts(CharacterSymbols symbols, boolean blankForm) {
    this.symbols = symbols;
    this.blankForm = blankForm;
  }

  /** Takes note of a merge. */
  void see(String left, String right) {
    int last = inForm(left.codePointBefore(left.length()));
    int first = inForm(right.codePointAt(0));
    long hash = hash(last, first);
    joined[firstWord(hash)] |= 1L << (hash >>> FIRST);
    joined[secondWord(hash)] |= 1L << (hash >>> SECOND);
    if (last < ASCII && first < ASCII) {
      asciiJoined[word(last, first)] |= 1L << first;
    }
    joinsStandIns |= symbols.isStandIn(left) || symbols.isStandIn(right);
  }

  private int inForm(int codePoint) {
    return blankForm && codePoint == BlankForm.MARK_CHARACTER ? ' ' : codePoint;
  }

  /** Must come after the last merge, and before the first text. */
  void finish() {
    for (int last = 0; last < ASCII; last++) {
      for (int first = 0; first < ASCII; first++) {
        boolean joins = (asciiJoined[word(last, first)] >>> first & 1) != 0;
        if (symbols.of(last) == CharacterSymbols.NONE
            || symbols.of(first) == CharacterSymbols.NONE) {
          joins = !isBorder(last, first);
        }
        // A run of small letters is never cut, so that next() can step over it. Runs of both
        // cases are: of random letters, as in base64, cuts make words that are met again.
        if (!joins && !(isSmallLetter(last) && isSmallLetter(first))) {
          asciiBorders[word(last, first)] |= 1L << first;
        }
      }
    }
  }

  private static boolean isSmallLetter(int character) {
    return character >= 'a' && character <= 'z';
  }

  private static int word(int last, int first) {
    return last << 1 | first >> 6;
  }

  private static long hash(int last, int first) {
    return ((long) last << 21 | first) * MULTIPLIER;
  }

  private static int firstWord(long hash) {
    return (int) (hash >>> (FIRST + 6)) & (WORDS - 1);
  }

  private static int secondWord(long hash) {
    return (int) (hash >>> (SECOND + 6)) & (WORDS - 1);
  }

  @Override
  public int next(byte[] text, int from, int to) {
    int last = Utf8.codePoint(text, from);
    int at = from + Utf8.width(text[from]);
    while (at < to) {
      int first = text[at];
      if (first >= 0 && last < ASCII) {
        if ((asciiBorders[word(last, first)] >>> first & 1) != 0) {
          break;
        }
        at++;
        if (isSmallLetter(first)) {
          at = Utf8.endOfSmallLetters(text, at, to);
          first = text[at - 1];
        }
      } else {
        first = Utf8.codePoint(text, at);
        if (isBorder(last, first)) {
          break;
        }
        at += Utf8.width(text[at]);
      }
      last = first;
    }
    return at;
  }

  private boolean isBorder(int last, int first) {
    boolean lastShown = symbols.of(last) != CharacterSymbols.NONE;
    boolean firstShown = symbols.of(first) != CharacterSymbols.NONE;
    if (lastShown && firstShown) {
      long hash = hash(last, first);
      return (joined[firstWord(hash)] >>> (hash >>> FIRST) & 1) == 0
          || (joined[secondWord(hash)] >>> (hash >>> SECOND) & 1) == 0;
    }
    return !joinsStandIns && (lastShown || firstShown || symbols.isAllBytes());
  }
}
