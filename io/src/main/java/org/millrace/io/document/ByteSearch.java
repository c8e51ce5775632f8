package org.millrace.io.document;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes, eight at a time.
 *
 * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord">Bit Twiddling
 *     Hacks: whether a word has a zero byte, or one less than n</a>
 */
final class ByteSearch {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private ByteSearch() {}

  /** The first place of {@code wanted}, which is ASCII, or -1. */
  static int indexOf(byte[] bytes, int from, int end, byte wanted) {
    long pattern = wanted * ONES;
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long hits = zeros((long) LONG.get(bytes, at) ^ pattern);
      if (hits != 0) {
        return at + (Long.numberOfTrailingZeros(hits) >> 3);
      }
    }
    for (; at < end; at++) {
      if (bytes[at] == wanted) {
        return at;
      }
    }
    return -1;
  }

  /** The first place of a byte that is not ASCII, or {@code end}. */
  static int endOfAscii(byte[] bytes, int from, int end) {
    int at = from;
    while (at <= end - Long.BYTES && ((long) LONG.get(bytes, at) & HIGH) == 0) {
      at += Long.BYTES;
    }
    while (at < end && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /**
   * Copies to {@code target} what stands before a quotation mark, a backslash or a control
   * character, or before {@code end}, and up to 8 bytes more.
   *
   * @return how many bytes stand before it
   */
  static int copyPlain(byte[] bytes, int from, int end, byte[] target, int to) {
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long word = (long) LONG.get(bytes, at);
      LONG.set(target, to + at - from, word);
      // A place is exact where it is the first; further ones may be wrong.
      long hits = zeros(word ^ ('"' * ONES)) | zeros(word ^ ('\\' * ONES)) | less(word, ' ');
      if (hits != 0) {
        return at - from + (Long.numberOfTrailingZeros(hits) >> 3);
      }
    }
    for (; at < end; at++) {
      byte b = bytes[at];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        break;
      }
      target[to + at - from] = b;
    }
    return at - from;
  }

  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH;
  }

  private static long less(long word, int limit) {
    return (word - limit * ONES) & ~word & HIGH;
  }
}
