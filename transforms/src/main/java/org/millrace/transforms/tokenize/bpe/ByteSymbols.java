package org.millrace.transforms.tokenize.bpe;

import java.util.Map;

/**
 * The tokens of single bytes, in a vocabulary where each byte has a character that stands for it.
 */
final class ByteSymbols implements Symbols {

  static final int BYTES = 256;

  private final int[] ids;

  private ByteSymbols(int[] ids) {
    this.ids = ids;
  }

  /**
   * Takes the tokens of all bytes from a vocabulary.
   *
   * @throws UnsupportedTokenizerException where a byte that UTF-8 uses has none
   */
  static ByteSymbols of(Map<String, Integer> vocabulary) throws UnsupportedTokenizerException {
    int[] ids = new int[BYTES];
    for (int b = 0; b < BYTES; b++) {
      Integer id = vocabulary.get(Character.toString(character(b)));
      boolean used = b != 0xC0 && b != 0xC1 && b < 0xF5;
      if (id == null && used) {
        throw new UnsupportedTokenizerException(
            "a vocabulary of bytes without the byte 0x" + Integer.toHexString(b));
      }
      ids[b] = id == null ? -1 : id;
    }
    return new ByteSymbols(ids);
  }

  /**
   * The character that stands for a byte. Those that print stand for themselves; for the others are
   * characters from U+0100 on, in their order.
   *
   * @see <a href="https://github.com/openai/gpt-2">GPT-2</a>, encoder.py, bytes_to_unicode
   */
  static int character(int b) {
    if ((b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD)) {
      return b;
    }
    return BYTES + (b <= ' ' ? b : b == 0xAD ? 67 : b - 0x7F + ' ' + 1);
  }

  /** The bytes of a token in such a vocabulary; none where it is not of bytes. */
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int b = byteOf(token.charAt(i));
      if (b < 0) {
        return new byte[0];
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }

  private static int byteOf(char c) {
    if ((c > ' ' && c < 0x7F) || (c > 0xA0 && c < 0x100 && c != 0xAD)) {
      return c;
    }
    // The others in their order: 33 up to the blank, 34 from 0x7F on, and the soft hyphen.
    int rank = c - 0x100;
    if (rank < 0 || rank > 67) {
      return -1;
    }
    return rank <= ' ' ? rank : rank <= ' ' + 34 ? 0x7F + rank - ' ' - 1 : 0xAD;
  }

  @Override
  public void append(byte[] text, int from, int to, IdBuffer out) {
    int[] target = out.reserve(to - from);
    int end = out.count();
    for (int i = from; i < to; i++) {
      target[end++] = ids[text[i] & 0xFF];
    }
    out.skip(to - from);
  }
}
