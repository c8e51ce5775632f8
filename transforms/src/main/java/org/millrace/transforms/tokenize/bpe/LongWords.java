package org.millrace.transforms.tokenize.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The ids of words that were met lately.
 *
 * <p>A table of fixed size, in which a word can lie at two places side by side: it comes to the
 * first, what was there moves to the second, and what was there is forgotten. A place holds the
 * whole word and all its ids, so that one place is all that a search looks at. Not safe for use by
 * several threads.
 *
 * <pre>
 * Place --> Word^wordLongs, Ids^idLongs
 *   Word --> the bytes, zeros, and in the last byte their number
 *   Ids  --> 3 ids of 20 bits in each long; in the highest 4 bits of the first two their number
 * </pre>
 */
final class LongWords {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int ID_MASK = (1 << MergeTable.ID_BITS) - 1;
  private static final int IDS_IN_LONG = 3;
  private static final int COUNT_SHIFT = IDS_IN_LONG * MergeTable.ID_BITS;

  // Odd numbers without a pattern, from the digits of the golden ratio and of pi.
  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0x243F6A8885A308D3L;

  private final int wordLongs;
  private final int idLongs;
  private final int placeLongs;
  private final int shift;
  private final long[] places;
  private final long[] key;

  // Where the word of the last search lies, or should.
  private int place;

  /**
   * Makes an empty cache.
   *
   * @param wordLongs how many longs a word takes at most
   * @param idLongs how many its ids
   * @param bits there are 2 to this power pairs of places
   */
  LongWords(int wordLongs, int idLongs, int bits) {
    this.wordLongs = wordLongs;
    this.idLongs = idLongs;
    this.placeLongs = wordLongs + idLongs;
    this.shift = 64 - bits;
    this.places = new long[(2 * placeLongs) << bits];
    this.key = new long[wordLongs];
  }

  /** The longest word that it takes. */
  int maxBytes() {
    return wordLongs * Long.BYTES - 1;
  }

  /**
   * Looks for a word.
   *
   * @param text with at least 8 bytes more behind the longest word
   * @param length at most {@link #maxBytes}
   * @return whether its ids were found and are added to {@code out}
   */
  boolean find(byte[] text, int from, int length, IdBuffer out) {
    long hash = load(text, from, length);
    place = (int) (hash >>> shift) * 2 * placeLongs;
    if (isAt(place)) {
      read(place + wordLongs, out);
      return true;
    }
    if (isAt(place + placeLongs)) {
      read(place + placeLongs + wordLongs, out);
      return true;
    }
    return false;
  }

  private long load(byte[] text, int from, int length) {
    long hash = 0;
    for (int i = 0; i < wordLongs; i++) {
      int bits = Math.min(Math.max(length - i * Long.BYTES, 0), Long.BYTES) * Byte.SIZE;
      // A shift by 64 would be one by 0.
      long mask = bits == 0 ? 0 : -1L >>> (Long.SIZE - bits);
      key[i] = bits == 0 ? 0 : (long) LONGS.get(text, from + i * Long.BYTES) & mask;
      if (i == wordLongs - 1) {
        key[i] |= (long) length << (Long.SIZE - Byte.SIZE);
      }
      hash = (hash ^ key[i]) * FIRST;
      hash ^= hash >>> 32;
    }
    return hash * SECOND;
  }

  private boolean isAt(int at) {
    for (int i = wordLongs - 1; i >= 0; i--) {
      if (places[at + i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  private void read(int at, IdBuffer out) {
    int count = (int) (places[at] >>> COUNT_SHIFT) | (int) (places[at + 1] >>> COUNT_SHIFT) << 4;
    // Whole longs are unpacked, so there may be two ids too many behind.
    int[] ids = out.reserve(count + IDS_IN_LONG);
    int end = out.count();
    int done = 0;
    for (int i = at; done < count; i++, done += IDS_IN_LONG) {
      long packed = places[i];
      ids[end + done] = (int) packed & ID_MASK;
      ids[end + done + 1] = (int) (packed >>> MergeTable.ID_BITS) & ID_MASK;
      ids[end + done + 2] = (int) (packed >>> (2 * MergeTable.ID_BITS)) & ID_MASK;
    }
    out.skip(count);
  }

  /** Keeps the ids of the word that was looked for last, where they are few enough. */
  void put(int[] ids, int from, int count) {
    if (count > IDS_IN_LONG * idLongs) {
      return;
    }
    System.arraycopy(places, place, places, place + placeLongs, placeLongs);
    System.arraycopy(key, 0, places, place, wordLongs);
    int at = place + wordLongs;
    for (int i = 0; i < idLongs; i++) {
      long packed = 0;
      for (int k = IDS_IN_LONG - 1; k >= 0; k--) {
        int index = i * IDS_IN_LONG + k;
        packed = packed << MergeTable.ID_BITS | (index < count ? ids[from + index] : 0);
      }
      places[at + i] = packed;
    }
    places[at] |= (long) (count & 0xF) << COUNT_SHIFT;
    places[at + 1] |= (long) (count >> 4) << COUNT_SHIFT;
  }
}
