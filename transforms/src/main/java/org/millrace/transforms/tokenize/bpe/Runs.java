package org.millrace.transforms.tokenize.bpe;

/** Steps over characters of one kind, which the scanners of all patterns are made of. */
final class Runs {

  /** What is neither letter, number nor white space. */
  static final int OTHER = 0;

  private static final byte[] ASCII_KINDS = asciiKinds();

  private Runs() {}

  private static byte[] asciiKinds() {
    byte[] kinds = new byte[0x80];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = (byte) (Characters.asciiFlags(c) & Characters.KIND);
    }
    return kinds;
  }

  /**
   * The kind of the character at {@code at}: {@link Characters#LETTER}, {@link Characters#NUMBER},
   * {@link Characters#SPACE} or {@link #OTHER}.
   */
  static int kind(byte[] text, int at) {
    byte lead = text[at];
    return lead >= 0
        ? ASCII_KINDS[lead]
        : Characters.flags(Utf8.codePoint(text, at)) & Characters.KIND;
  }

  /** The sets that the character at {@code at} is in: {@link Characters#flags}. */
  static int flags(byte[] text, int at) {
    byte lead = text[at];
    return lead >= 0 ? Characters.asciiFlags(lead) : Characters.flags(Utf8.codePoint(text, at));
  }

  /** The end of the run of characters of {@code kind} that begins at {@code from}. */
  static int end(int kind, byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      byte lead = text[at];
      if (lead >= 0) {
        if (ASCII_KINDS[lead] != kind) {
          break;
        }
        at++;
      } else {
        if ((Characters.flags(Utf8.codePoint(text, at)) & Characters.KIND) != kind) {
          break;
        }
        at += Utf8.width(lead);
      }
    }
    return at;
  }

  /**
   * The end of what {@code \s+(?!\S)|\s+} matches at {@code from}, where white space ends at {@code
   * end}: all of it, but for its last character where text follows, unless that is all.
   */
  static int endOfSpace(byte[] text, int from, int end, int to) {
    if (end == to) {
      return end;
    }
    int last = Utf8.before(text, end);
    return last == from ? end : last;
  }

  /**
   * The end of what {@code \s*[\r\n]+|\s+(?!\S)|\s+} matches at {@code from}, where white space is.
   */
  static int endOfLinesOrSpace(byte[] text, int from, int to) {
    int end = end(Characters.SPACE, text, from, to);
    for (int at = end; at > from; at--) {
      if (isLineEnd(text[at - 1])) {
        return at;
      }
    }
    return endOfSpace(text, from, end, to);
  }

  static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  /** The end of up to {@code most} numbers that begin at {@code from}. */
  static int endOfNumbers(int most, byte[] text, int from, int to) {
    int at = from;
    for (int i = 0; i < most && at < to && kind(text, at) == Characters.NUMBER; i++) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  /** The length of what {@code 's|'t|'re|'ve|'m|'ll|'d} matches at {@code from}, or 0. */
  static int contraction(byte[] text, int from, int to) {
    if (text[from] != '\'' || to - from < 2) {
      return 0;
    }
    byte next = text[from + 1];
    if (next == 's' || next == 't' || next == 'm' || next == 'd') {
      return 2;
    }
    if (to - from < 3) {
      return 0;
    }
    byte last = text[from + 2];
    boolean two = (next == 'r' || next == 'v') ? last == 'e' : next == 'l' && last == 'l';
    return two ? 3 : 0;
  }

  /** The same without regard to case. The long s is an s there, too. */
  static int anyCaseContraction(byte[] text, int from, int to) {
    if (text[from] != '\'' || to - from < 2) {
      return 0;
    }
    int next = text[from + 1] | 0x20;
    if (next == 's' || next == 't' || next == 'm' || next == 'd') {
      return 2;
    }
    if (to - from < 3) {
      return 0;
    }
    if (text[from + 1] == (byte) 0xC5 && text[from + 2] == (byte) 0xBF) {
      return 3;
    }
    int last = text[from + 2] | 0x20;
    boolean two = (next == 'r' || next == 'v') ? last == 'e' : next == 'l' && last == 'l';
    return two ? 3 : 0;
  }
}
