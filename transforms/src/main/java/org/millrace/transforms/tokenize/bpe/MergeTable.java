package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The rank of each pair of tokens that merge, and the token that they become.
 *
 * <p>An open hash table of one long a pair: 40 bits for the two ids, 24 for the rank. As it is
 * larger than what a processor has close at hand, two smaller things stand before it: a table of
 * all pairs of the tokens that take part in the most merges, as letters do; and a bit for each hash
 * that occurs, as most pairs do not merge.
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

  /** How many tokens have their pairs in a table. */
  private static final int COMMON_BITS = 8;

  private static final int COMMON = 1 << COMMON_BITS;

  /** There are 2 to this power bits for each slot. */
  private static final int FILTER_BITS = 3;

  private final long[] slots;
  private final int shift;
  private final int[] merged;
  private final long[] filter;

  /** The numbers of common tokens, by id; COMMON for others. */
  private final short[] common;

  /** The ranks of all pairs of common tokens. */
  private final int[] commonRanks = new int[COMMON * COMMON];

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
    this.filter = new long[slots.length << FILTER_BITS >> 6];
    this.shift = 64 - bits;
    this.merged = merged.clone();
    Arrays.fill(slots, EMPTY);
    for (int rank = 0; rank < merged.length; rank++) {
      put((long) left[rank] << ID_BITS | right[rank], rank);
    }
    this.common = common(left, right);
    Arrays.fill(commonRanks, NONE);
    for (int rank = 0; rank < merged.length; rank++) {
      if ((common[left[rank]] | common[right[rank]]) < COMMON) {
        commonRanks[common[left[rank]] << COMMON_BITS | common[right[rank]]] = rank;
      }
    }
  }

  /** Numbers those that take part in the most merges, the most frequent first. */
  private static short[] common(int[] left, int[] right) {
    int ids = 1 + IntStream.concat(Arrays.stream(left), Arrays.stream(right)).max().orElse(-1);
    int[] uses = new int[ids];
    Arrays.stream(left).forEach(id -> uses[id]++);
    Arrays.stream(right).forEach(id -> uses[id]++);
    int[] frequent =
        IntStream.range(0, ids)
            .filter(id -> uses[id] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(id -> -uses[id]))
            .limit(COMMON)
            .mapToInt(id -> id)
            .toArray();
    short[] numbers = new short[ids];
    Arrays.fill(numbers, (short) COMMON);
    for (int i = 0; i < frequent.length; i++) {
      numbers[frequent[i]] = (short) i;
    }
    return numbers;
  }

  /** Of a pair that is listed twice, the later rank counts: the library fills a map in order. */
  private void put(long pair, int rank) {
    int slot = (int) ((pair * MULTIPLIER) >>> shift);
    while (slots[slot] != EMPTY && slots[slot] >>> RANK_BITS != pair) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = pair << RANK_BITS | rank;
    int bit = (int) ((pair * MULTIPLIER) >>> (shift - FILTER_BITS));
    filter[bit >> 6] |= 1L << bit;
  }

  /** The rank of two tokens side by side: the lowest merges first. */
  int rank(int left, int right) {
    short[] numbers = common;
    if (left >= numbers.length || right >= numbers.length) {
      return NONE;
    }
    int first = numbers[left];
    int second = numbers[right];
    if ((first | second) < COMMON) {
      return commonRanks[first << COMMON_BITS | second];
    }
    long pair = (long) left << ID_BITS | right;
    long hash = pair * MULTIPLIER;
    int bit = (int) (hash >>> (shift - FILTER_BITS));
    return (filter[bit >> 6] >>> bit & 1) == 0 ? NONE : find(pair, (int) (hash >>> shift));
  }

  private int find(long pair, int start) {
    int slot = start;
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
