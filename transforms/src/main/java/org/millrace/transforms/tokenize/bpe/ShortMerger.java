package org.millrace.transforms.tokenize.bpe;

/**
 * Merges the tokens of a short piece: of all pairs the one of the lowest rank, of equal ones the
 * leftmost, until no pair is left that merges. Each step looks at all pairs, which for few of them
 * is faster than any queue.
 */
final class ShortMerger {

  private ShortMerger() {}

  /**
   * Merges in place.
   *
   * @param ids the tokens, from index {@code from} on
   * @param count of them
   * @param ranks scratch memory for as many
   * @return how many tokens are left
   */
  static int merge(MergeTable merges, int[] ids, int from, int count, int[] ranks) {
    int last = count - 1;
    for (int i = 0; i < last; i++) {
      ranks[i] = merges.rank(ids[from + i], ids[from + i + 1]);
    }
    while (last > 0) {
      int lowest = MergeTable.NONE;
      int at = 0;
      for (int i = 0; i < last; i++) {
        if (ranks[i] < lowest) {
          lowest = ranks[i];
          at = i;
        }
      }
      if (lowest == MergeTable.NONE) {
        break;
      }
      ids[from + at] = merges.merged(lowest);
      last--;
      for (int i = at + 1; i <= last; i++) {
        ids[from + i] = ids[from + i + 1];
        ranks[i - 1] = ranks[i];
      }
      if (at < last) {
        ranks[at] = merges.rank(ids[from + at], ids[from + at + 1]);
      }
      if (at > 0) {
        ranks[at - 1] = merges.rank(ids[from + at - 1], ids[from + at]);
      }
    }
    return last + 1;
  }
}
