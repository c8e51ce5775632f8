package org.millrace.transforms.tokenize.bpe;

/** Cuts the characters of one set out, each alone or a whole run of them. */
final class FlagScanner implements PieceScanner {

  private final int flag;
  private final boolean individual;

  /**
   * Makes a scanner.
   *
   * @param flag of the set, as in {@link Characters#flags}
   */
  FlagScanner(int flag, boolean individual) {
    this.flag = flag;
    this.individual = individual;
  }

  @Override
  public int end(byte[] text, int from, int to) {
    boolean flagged = isFlagged(text, from);
    int at = from + Utf8.width(text[from]);
    if (flagged && individual) {
      return at;
    }
    while (at < to && isFlagged(text, at) == flagged) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  private boolean isFlagged(byte[] text, int at) {
    return (Characters.flags(Utf8.codePoint(text, at)) & flag) != 0;
  }
}
