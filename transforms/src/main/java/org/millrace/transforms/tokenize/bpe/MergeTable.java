package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;

/**
 * The rank of each pair of tokens that merge, and the token that they become.
 *
 * <p>An open hash table of one long a pair: 40 bits for the two ids, 24 for the rank.
 */
final class MergeTable {

  /** More than any rank: these two do not merge. */
  static final int NONE = Integer.MAX_VALUE;

  static final int ID_BITS = 20;
  static final int RANK_BITS = 24;

  private static final long RANK_MASK = (1L << RANK_BITS) - 1;
  private static final long EMPTY = -1;

  // The golden ratio of 64 bits: neighbours come to lie far apart.
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long[] slots;
  private final int shift;
  private final int[] merged;

  /**
   * Takes merges over.
   *
   * @param left the first token of each, in the order of the ranks
   * @param right the second
   * @param merged what they become
   */
  MergeTable(int[] left, int[] right, int[] merged) {
    // At most half full.
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(merged.length, 32) * 2L - 1);
    this.slots = new long[1 << bits];
    this.shift = 64 - bits;
    this.merged = merged.clone();
    Arrays.fill(slots, EMPTY);
    for (int rank = 0; rank < merged.length; rank++) {
      put((long) left[rank] << ID_BITS | right[rank], rank);
    }
  }

  /** Of a pair that is listed twice, the later rank counts: the library fills a map in order. */
  private void put(long pair, int rank) {
    int slot = (int) ((pair * MULTIPLIER) >>> shift);
    while (slots[slot] != EMPTY && slots[slot] >>> RANK_BITS != pair) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = pair << RANK_BITS | rank;
  }

  /** The rank of two tokens side by side: the lowest merges first. */
  int rank(int left, int right) {
    long pair = (long) left << ID_BITS | right;
    int slot = (int) ((pair * MULTIPLIER) >>> shift);
    while (true) {
      long found = slots[slot];
      if (found >>> RANK_BITS == pair) {
        return (int) (found & RANK_MASK);
      }
      if (found == EMPTY) {
        return NONE;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
  }

  /** What the pair of this rank becomes. */
  int merged(int rank) {
    return merged[rank];
  }

  /** The number of ranks. */
  int size() {
    return merged.length;
  }
}
