package org.millrace.transforms.tokenize.bpe;

/** Cuts numbers out, up to so many at a time; what lies between stays as it is. */
final class NumberScanner implements PieceScanner {

  static final String ONE = "\\p{N}";

  /** DeepSeek-V3, tokenizer.json. */
  static final String UP_TO_THREE = "\\p{N}{1,3}";

  private final int most;

  /**
   * Makes a scanner.
   *
   * @param most how many numbers a piece has at most
   */
  NumberScanner(int most) {
    this.most = most;
  }

  @Override
  public int end(byte[] text, int from, int to) {
    int numbers = Runs.endOfNumbers(most, text, from, to);
    if (numbers > from) {
      return numbers;
    }
    int at = from + Utf8.width(text[from]);
    while (at < to && Runs.kind(text, at) != Characters.NUMBER) {
      at += Utf8.width(text[at]);
    }
    return at;
  }
}
