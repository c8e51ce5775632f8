package org.millrace.transforms.tokenize.bpe;

/** The pattern of GPT-2: a word, a number or signs, each with at most one blank before it. */
final class Gpt2Scanner implements PieceScanner {

  /** GPT-2, encoder.py; also inside the pre-tokenizer ByteLevel. */
  static final String PATTERN =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  @Override
  public int end(byte[] text, int from, int to) {
    int contraction = Runs.contraction(text, from, to);
    if (contraction > 0) {
      return from + contraction;
    }
    int start = text[from] == ' ' && from + 1 < to ? from + 1 : from;
    int kind = Runs.kind(text, start);
    if (kind != Characters.SPACE) {
      return Runs.end(kind, text, start, to);
    }
    int end = Runs.end(Characters.SPACE, text, from, to);
    return Runs.endOfSpace(text, from, end, to);
  }
}
