package org.millrace.transforms.tokenize.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The ids of short words that were met lately: {@link LongWords} for up to 15 bytes and 6 ids.
 * Nearly all pieces of a text are looked for here, so all is written out, and a pair of places
 * fills a line of the processor's cache.
 *
 * <pre>
 * Place --> Word Ids Ids
 *   Word --> 15 bytes, zeros behind the word, and the length in 1 byte
 *   Ids  --> 3 ids of 20 bits, and 4 bits, in the first of the two the number of ids
 * </pre>
 */
final class ShortWords {

  /** The longest word that it takes. */
  static final int MAX_BYTES = 15;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MAX_IDS = 6;
  private static final int PLACE = 4;
  private static final int BITS = MergeTable.ID_BITS;
  private static final int ID_MASK = (1 << BITS) - 1;
  private static final int COUNT_SHIFT = 3 * BITS;

  // Odd numbers without a pattern, from the digits of the golden ratio and of pi.
  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0x243F6A8885A308D3L;

  private final int shift;
  private final long[] places;

  // The word of the last search, and where it should be.
  private long low;
  private long high;
  private int place;

  /**
   * Makes an empty cache.
   *
   * @param bits there are 2 to this power pairs of places, of 64 bytes each
   */
  ShortWords(int bits) {
    this.shift = 64 - bits;
    this.places = new long[(2 * PLACE) << bits];
  }

  /**
   * Looks for a word.
   *
   * @param text with at least 16 bytes behind {@code from}
   * @return whether its ids were found and are added to {@code out}
   */
  boolean find(byte[] text, int from, int length, IdBuffer out) {
    long a = (long) LONGS.get(text, from);
    long b = 0;
    if (length < Long.BYTES) {
      a &= (1L << (length << 3)) - 1;
    } else {
      b = (long) LONGS.get(text, from + Long.BYTES) & ((1L << ((length - Long.BYTES) << 3)) - 1);
    }
    b |= (long) length << 56;
    long hash = (a ^ Long.rotateLeft(b * SECOND, 32)) * FIRST;
    int at = (int) (((hash ^ (hash >>> 32)) * SECOND) >>> shift) * (2 * PLACE);
    long[] table = places;
    if (table[at] != a || table[at + 1] != b) {
      if (table[at + PLACE] != a || table[at + PLACE + 1] != b) {
        low = a;
        high = b;
        place = at;
        return false;
      }
      at += PLACE;
    }
    read(table[at + 2], table[at + 3], out);
    return true;
  }

  private static void read(long first, long second, IdBuffer out) {
    int count = (int) (first >>> COUNT_SHIFT);
    int[] ids = out.reserve(MAX_IDS);
    int end = out.count();
    ids[end] = (int) first & ID_MASK;
    ids[end + 1] = (int) (first >>> BITS) & ID_MASK;
    ids[end + 2] = (int) (first >>> (2 * BITS)) & ID_MASK;
    if (count > 3) {
      ids[end + 3] = (int) second & ID_MASK;
      ids[end + 4] = (int) (second >>> BITS) & ID_MASK;
      ids[end + 5] = (int) (second >>> (2 * BITS)) & ID_MASK;
    }
    out.skip(count);
  }

  /** Keeps the ids of the word that was not found last, where they are few enough. */
  void put(int[] ids, int from, int count) {
    if (count > MAX_IDS) {
      return;
    }
    long[] table = places;
    int at = place;
    System.arraycopy(table, at, table, at + PLACE, PLACE);
    table[at] = low;
    table[at + 1] = high;
    table[at + 2] = pack(ids, from, Math.min(count, 3)) | (long) count << COUNT_SHIFT;
    table[at + 3] = pack(ids, from + 3, count - 3);
  }

  private static long pack(int[] ids, int from, int count) {
    long packed = 0;
    for (int i = count - 1; i >= 0; i--) {
      packed = packed << BITS | ids[from + i];
    }
    return packed;
  }
}
