package org.millrace.transforms.tokenize.bpe;

/**
 * The pattern of DeepSeek-V3: ASCII letters with the ASCII sign before them, a word with one other
 * character before it, signs with one blank before them and line ends behind them, white space up
 * to a line end. Numbers and control characters that lead no word match nothing, and make pieces of
 * their own.
 */
final class DeepSeekScanner implements PieceScanner {

  /** DeepSeek-V3, tokenizer.json, with its line ends escaped. */
  static final String PATTERN =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final int WORD = Characters.LETTER | Characters.MARK;
  private static final int NONE = -1;

  @Override
  public int end(byte[] text, int from, int to) {
    int match = match(text, from, to);
    if (match != NONE) {
      return match;
    }
    int at = from;
    do {
      at += Utf8.width(text[at]);
    } while (at < to && match(text, at, to) == NONE);
    return at;
  }

  private static int match(byte[] text, int from, int to) {
    byte lead = text[from];
    int flags = Runs.flags(text, from);
    int second = from + Utf8.width(lead);
    int secondFlags = second < to ? Runs.flags(text, second) : 0;
    if (lead >= 0 && (flags & Characters.SIGN) != 0 && second < to && isAsciiLetter(text[second])) {
      return endOfAsciiLetters(text, second, to);
    }
    if ((flags & WORD) != 0) {
      return endOf(WORD, text, from, to);
    }
    if ((flags & Characters.SIGN) != 0) {
      return endOfSigns(text, from, to);
    }
    if ((secondFlags & WORD) != 0 && !Runs.isLineEnd(lead)) {
      return endOf(WORD, text, second, to);
    }
    if (lead == ' ' && (secondFlags & Characters.SIGN) != 0) {
      return endOfSigns(text, second, to);
    }
    return (flags & Characters.SPACE) != 0 ? Runs.endOfLinesOrSpace(text, from, to) : NONE;
  }

  private static int endOfSigns(byte[] text, int from, int to) {
    int at = endOf(Characters.SIGN, text, from, to);
    while (at < to && Runs.isLineEnd(text[at])) {
      at++;
    }
    return at;
  }

  private static int endOfAsciiLetters(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isAsciiLetter(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isAsciiLetter(byte b) {
    return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
  }

  private static int endOf(int flags, byte[] text, int from, int to) {
    int at = from;
    while (at < to && (Runs.flags(text, at) & flags) != 0) {
      at += Utf8.width(text[at]);
    }
    return at;
  }
}
