package org.millrace.transforms.tokenize.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Characters in bytes that are known to be UTF-8. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;

  // Added to 7 bits, they set the eighth for what comes behind z, and for a and all behind it.
  private static final long BEHIND_Z = (0x7F - 'z') * LOW_BITS;
  private static final long FROM_A = (0x80 - 'a') * LOW_BITS;

  private Utf8() {}

  /** The end of the ASCII characters that begin at {@code from}. */
  static int endOfAscii(byte[] text, int from, int to) {
    int at = from;
    while (to - at >= Long.BYTES && ((long) LONGS.get(text, at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < to && text[at] >= 0) {
      at++;
    }
    return at;
  }

  /**
   * The end of the small ASCII letters that begin at {@code from}; reads 7 bytes behind the text.
   */
  static int endOfSmallLetters(byte[] text, int from, int to) {
    // Eight bytes at a time, which is mostly once: a loop of bytes ends where no processor expects.
    for (int at = from; at < to; at += Long.BYTES) {
      long bytes = (long) LONGS.get(text, at);
      long low = bytes & ~HIGH_BITS;
      long others = (bytes | (low + BEHIND_Z) | ~(low + FROM_A)) & HIGH_BITS;
      if (others != 0) {
        return Math.min(at + (Long.numberOfTrailingZeros(others) >> 3), to);
      }
    }
    return to;
  }

  /** Where {@code wanted} stands first in a text, or {@code to}. */
  static int indexOf(byte wanted, byte[] text, int from, int to) {
    long pattern = (wanted & 0xFF) * LOW_BITS;
    int at = from;
    for (; to - at >= Long.BYTES; at += Long.BYTES) {
      long found = zeros((long) LONGS.get(text, at) ^ pattern);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >> 3);
      }
    }
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  /** How often {@code wanted} stands in a text. */
  static int count(byte wanted, byte[] text) {
    long pattern = (wanted & 0xFF) * LOW_BITS;
    int count = 0;
    int at = 0;
    for (; text.length - at >= Long.BYTES; at += Long.BYTES) {
      count += Long.bitCount(zeros((long) LONGS.get(text, at) ^ pattern));
    }
    for (; at < text.length; at++) {
      count += text[at] == wanted ? 1 : 0;
    }
    return count;
  }

  /** The high bit of each byte that is zero. */
  private static long zeros(long bytes) {
    return ~(((bytes & ~HIGH_BITS) + ~HIGH_BITS) | bytes | ~HIGH_BITS);
  }

  /** How many bytes the character has that begins with {@code lead}. */
  static int width(byte lead) {
    return lead >= 0 ? 1 : lead < (byte) 0xE0 ? 2 : lead < (byte) 0xF0 ? 3 : 4;
  }

  /** The character at {@code at}. */
  static int codePoint(byte[] text, int at) {
    int lead = text[at];
    if (lead >= 0) {
      return lead;
    }
    int second = text[at + 1] & 0x3F;
    if (lead < (byte) 0xE0) {
      return (lead & 0x1F) << 6 | second;
    }
    int third = text[at + 2] & 0x3F;
    if (lead < (byte) 0xF0) {
      return (lead & 0x0F) << 12 | second << 6 | third;
    }
    return (lead & 0x07) << 18 | second << 12 | third << 6 | (text[at + 3] & 0x3F);
  }

  /** Where the character begins that ends before {@code end}. */
  static int before(byte[] text, int end) {
    int at = end - 1;
    while ((text[at] & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }

  /** Writes a character to {@code target}. Returns where it ends. */
  static int put(int codePoint, byte[] target, int at) {
    int end = at;
    if (codePoint < 0x80) {
      target[end++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      target[end++] = (byte) (0xC0 | codePoint >> 6);
      target[end++] = (byte) (0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
      target[end++] = (byte) (0xE0 | codePoint >> 12);
      target[end++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
      target[end++] = (byte) (0x80 | (codePoint & 0x3F));
    } else {
      target[end++] = (byte) (0xF0 | codePoint >> 18);
      target[end++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
      target[end++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
      target[end++] = (byte) (0x80 | (codePoint & 0x3F));
    }
    return end;
  }
}
