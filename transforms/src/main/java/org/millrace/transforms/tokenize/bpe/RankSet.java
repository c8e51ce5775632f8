package org.millrace.transforms.tokenize.bpe;

/**
 * A set of ranks that finds the lowest one in a few steps, however many it holds: bits, with a bit
 * above for each 64 that are not all unset, and so on.
 */
final class RankSet {

  /** 64 to this power is more than any rank: {@link MergeTable#RANK_BITS}. */
  private static final int LEVELS = 4;

  private static final int BITS = 6;

  private final long[][] levels = new long[LEVELS][];

  /**
   * Makes an empty set.
   *
   * @param ranks all ranks are below it
   */
  RankSet(int ranks) {
    for (int i = 0; i < LEVELS; i++) {
      levels[i] = new long[(ranks >>> (BITS * (i + 1))) + 1];
    }
  }

  boolean isEmpty() {
    return levels[LEVELS - 1][0] == 0;
  }

  /** The lowest rank of a set that is not empty. */
  int first() {
    int at = 0;
    for (int i = LEVELS - 1; i >= 0; i--) {
      at = at << BITS | Long.numberOfTrailingZeros(levels[i][at]);
    }
    return at;
  }

  void add(int rank) {
    int at = rank;
    for (long[] level : levels) {
      level[at >>> BITS] |= 1L << at;
      at >>>= BITS;
    }
  }

  void remove(int rank) {
    int at = rank;
    for (long[] level : levels) {
      level[at >>> BITS] &= ~(1L << at);
      if (level[at >>> BITS] != 0) {
        return;
      }
      at >>>= BITS;
    }
  }
}
