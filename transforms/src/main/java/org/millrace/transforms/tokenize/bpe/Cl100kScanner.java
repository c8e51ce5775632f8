package org.millrace.transforms.tokenize.bpe;

/**
 * The pattern of cl100k, which Llama 3, Qwen and others took over: a word with one sign or blank
 * before it, a few digits, signs with one blank before them and line ends behind them, white space
 * up to a line end.
 */
final class Cl100kScanner implements PieceScanner {

  private static final String PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Llama 3, tokenizer.json; tiktoken, openai_public.py, cl100k_base, less its possessives. */
  static final String THREE_DIGITS = PATTERN.formatted("\\p{N}{1,3}");

  /** Qwen 2, tokenizer.json. */
  static final String ONE_DIGIT = PATTERN.formatted("\\p{N}");

  private final int digits;

  /**
   * Makes a scanner.
   *
   * @param digits how many numbers a piece has at most
   */
  Cl100kScanner(int digits) {
    this.digits = digits;
  }

  @Override
  public int end(byte[] text, int from, int to) {
    int contraction = Runs.anyCaseContraction(text, from, to);
    if (contraction > 0) {
      return from + contraction;
    }
    int kind = Runs.kind(text, from);
    if (kind == Characters.LETTER) {
      return Runs.end(Characters.LETTER, text, from, to);
    }
    if (kind == Characters.NUMBER) {
      return Runs.endOfNumbers(digits, text, from, to);
    }
    byte lead = text[from];
    int second = from + Utf8.width(lead);
    int secondKind = second < to ? Runs.kind(text, second) : Characters.SPACE;
    if (secondKind == Characters.LETTER && !Runs.isLineEnd(lead)) {
      return Runs.end(Characters.LETTER, text, second, to);
    }
    if (kind == Runs.OTHER) {
      return endOfSigns(text, from, to);
    }
    if (lead == ' ' && secondKind == Runs.OTHER) {
      return endOfSigns(text, second, to);
    }
    return Runs.endOfLinesOrSpace(text, from, to);
  }

  private static int endOfSigns(byte[] text, int from, int to) {
    int at = Runs.end(Runs.OTHER, text, from, to);
    while (at < to && Runs.isLineEnd(text[at])) {
      at++;
    }
    return at;
  }
}
