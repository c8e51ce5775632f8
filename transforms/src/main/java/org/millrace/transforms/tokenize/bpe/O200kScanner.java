package org.millrace.transforms.tokenize.bpe;

/**
 * The pattern of o200k, which GPT-4o, gpt-oss, Llama 4 and, changed a little, Mistral's Tekken
 * have: as that of cl100k, but that marks belong to words, and that a word ends where capitals
 * follow small letters, or where its contraction does.
 */
final class O200kScanner implements PieceScanner {

  private static final String HEAD = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String TAIL = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LEAD = "[^\\r\\n\\p{L}\\p{N}]?";
  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
  private static final String PATTERN =
      LEAD
          + HEAD
          + "*"
          + TAIL
          + "+%1$s|"
          + LEAD
          + HEAD
          + "+"
          + TAIL
          + "*%1$s|%2$s"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final int NONE = -1;

  private final int digits;
  private final boolean contractions;

  /**
   * Makes a scanner.
   *
   * @param digits how many numbers a piece has at most
   * @param contractions whether a word has its contraction with it
   */
  O200kScanner(int digits, boolean contractions) {
    this.digits = digits;
    this.contractions = contractions;
  }

  /**
   * The pattern, as it stands in tokenizer.json.
   *
   * @param digits 1 or 3
   * @see <a href="https://github.com/openai/tiktoken">tiktoken</a>, openai_public.py, o200k_base;
   *     without contractions and with one digit it is that of Mistral Nemo
   */
  static String pattern(int digits, boolean contractions) {
    return PATTERN.formatted(
        contractions ? CONTRACTION : "", digits == 1 ? "\\p{N}" : "\\p{N}{1," + digits + "}");
  }

  @Override
  public int end(byte[] text, int from, int to) {
    int kind = Runs.kind(text, from);
    if (kind == Characters.NUMBER) {
      return Runs.endOfNumbers(digits, text, from, to);
    }
    byte lead = text[from];
    int second = from + Utf8.width(lead);
    int word = NONE;
    if (kind == Characters.LETTER) {
      word = endOfWord(text, from, to);
    } else if (!Runs.isLineEnd(lead)) {
      word = endOfWordBehind(text, from, second, to);
    }
    if (word != NONE) {
      return contractions && word < to ? word + Runs.anyCaseContraction(text, word, to) : word;
    }
    if (kind == Runs.OTHER) {
      return endOfSigns(text, from, to);
    }
    if (lead == ' ' && second < to && Runs.kind(text, second) == Runs.OTHER) {
      return endOfSigns(text, second, to);
    }
    return Runs.endOfLinesOrSpace(text, from, to);
  }

  /** A word that a sign or blank leads, which may itself be a mark; or NONE. */
  private static int endOfWordBehind(byte[] text, int lead, int from, int to) {
    int behind = from < to ? endOfTailed(text, from, to) : NONE;
    if (behind != NONE) {
      return behind;
    }
    int own = endOfTailed(text, lead, to);
    if (own != NONE) {
      return own;
    }
    int heads = from < to ? endOfHeads(text, from, to) : from;
    return heads > from ? heads : NONE;
  }

  /** Where there are letters: a word always begins there. */
  private static int endOfWord(byte[] text, int from, int to) {
    int tailed = endOfTailed(text, from, to);
    return tailed != NONE ? tailed : endOfHeads(text, from, to);
  }

  /** The end of HEAD*TAIL+, or NONE. Without a TAIL behind, the last HEAD that is one is taken. */
  private static int endOfTailed(byte[] text, int from, int to) {
    int at = from;
    int lastOfBoth = NONE;
    while (at < to) {
      int flags = Runs.flags(text, at);
      boolean tail = isTail(flags);
      if (!isHead(flags)) {
        if (tail) {
          return endOfTails(text, at, to);
        }
        break;
      }
      at += Utf8.width(text[at]);
      if (tail) {
        lastOfBoth = at;
      }
    }
    return lastOfBoth;
  }

  private static int endOfTails(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isTail(Runs.flags(text, at))) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  private static int endOfHeads(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isHead(Runs.flags(text, at))) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  private static boolean isHead(int flags) {
    return (flags & (Characters.LETTER | Characters.MARK)) != 0 && (flags & Characters.LOWER) == 0;
  }

  private static boolean isTail(int flags) {
    return (flags & (Characters.LETTER | Characters.MARK)) != 0 && (flags & Characters.UPPER) == 0;
  }

  private static int endOfSigns(byte[] text, int from, int to) {
    int at = Runs.end(Runs.OTHER, text, from, to);
    while (at < to && (Runs.isLineEnd(text[at]) || text[at] == '/')) {
      at++;
    }
    return at;
  }
}
