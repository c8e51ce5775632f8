package org.millrace.transforms.tokenize.bpe;

/** Cuts runs of Chinese and Japanese characters out. */
final class KanaScanner implements PieceScanner {

  /** DeepSeek-V3, tokenizer.json. */
  static final String PATTERN = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+";

  @Override
  public int end(byte[] text, int from, int to) {
    boolean matches = matches(text, from);
    int at = from + Utf8.width(text[from]);
    while (at < to && matches(text, at) == matches) {
      at += Utf8.width(text[at]);
    }
    return at;
  }

  private static boolean matches(byte[] text, int at) {
    if (text[at] >= 0) {
      return false;
    }
    int codePoint = Utf8.codePoint(text, at);
    return (codePoint >= 0x4E00 && codePoint <= 0x9FA5)
        || (codePoint >= 0x3040 && codePoint <= 0x30FF);
  }
}
