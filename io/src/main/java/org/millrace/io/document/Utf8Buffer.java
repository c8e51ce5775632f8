package org.millrace.io.document;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Takes the characters of a string as UTF-8. */
final class Utf8Buffer {

  private static final int FIRST_BYTES = 1 << 14;

  /** A longer array is given back when its string has been taken. */
  private static final int RETAINED_BYTES = 4 << 20;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;

  void clear() {
    size = 0;
  }

  /** Gives back what memory an unusual string took; its content is gone. */
  void shrink() {
    if (bytes.length > RETAINED_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Appends what {@link ByteSearch#copyPlain} copies, and says how many bytes that are. */
  int appendPlain(byte[] source, int from, int end) {
    // No string takes more bytes in UTF-8 than in JSON.
    require(end - from + Long.BYTES);
    int plain = ByteSearch.copyPlain(source, from, end, bytes, size);
    size += plain;
    return plain;
  }

  /** Appends a character, which is not a surrogate. */
  void append(int codePoint) {
    require(4);
    if (codePoint < 0x80) {
      bytes[size++] = (byte) codePoint;
      return;
    }
    if (codePoint < 0x800) {
      bytes[size++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        bytes[size++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        bytes[size++] = (byte) (0xF0 | (codePoint >> 18));
        appendTrailing(codePoint >> 12);
      }
      appendTrailing(codePoint >> 6);
    }
    appendTrailing(codePoint);
  }

  private void appendTrailing(int bits) {
    bytes[size++] = (byte) (0x80 | (bits & 0x3F));
  }

  private void require(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, size + more);
    }
  }

  @Override
  public String toString() {
    // From ISO 8859-1 a string is made by a mere copy.
    Charset charset =
        ByteSearch.endOfAscii(bytes, 0, size) == size
            ? StandardCharsets.ISO_8859_1
            : StandardCharsets.UTF_8;
    return new String(bytes, 0, size, charset);
  }
}
