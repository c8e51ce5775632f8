package org.millrace.transforms.tokenize.bpe;

import java.util.Arrays;

/**
 * Merges the tokens of a long piece in the order of {@link ShortMerger}, in time n log n whatever
 * the text is, and mostly in linear time.
 *
 * <p>There is a queue of positions for each rank, and a set of the ranks whose queues are not
 * empty. A text is walked through from left to right, and so is each queue, so that new pairs
 * mostly come in ascending order and go to the end of a queue. The few that do not go to a heap of
 * their own. An entry counts only while the pair at its position has its rank; the pair that a
 * merge makes never has the rank of that merge, because its token is longer than both parts.
 */
final class LongMerger {

  private static final int NIL = -1;

  /** For longer pieces the arrays are not kept. */
  private static final int KEPT = 1 << 16;

  private final MergeTable merges;
  private int[] ids;
  private int[] previous = new int[0];
  private int[] next = new int[0];
  private int[] ranks = new int[0];

  // The queues: of each rank the first and the last node. All are empty after each piece.
  private final int[] heads;
  private final int[] tails;
  private int[] nodePosition = new int[0];
  private int[] nodeNext = new int[0];
  private int nodes;

  private final RankSet active;
  private final LongHeap late = new LongHeap();

  LongMerger(MergeTable merges) {
    this.merges = merges;
    this.heads = new int[merges.size()];
    this.tails = new int[merges.size()];
    this.active = new RankSet(merges.size());
    Arrays.fill(heads, NIL);
  }

  /**
   * Merges in place.
   *
   * @param tokens from index 0 on
   * @return how many are left
   */
  int merge(int[] tokens, int count) {
    ids = tokens;
    nodes = 0;
    if (next.length < count) {
      allocate(count);
    }
    for (int i = 0; i < count; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < count ? i + 1 : NIL;
    }
    for (int i = 0; i < count; i++) {
      rankAgain(i);
    }
    mergeAll();
    int left = 0;
    for (int i = 0; i != NIL; i = next[i]) {
      ids[left++] = ids[i];
    }
    if (next.length > KEPT) {
      allocate(0);
      late.trim();
    }
    return left;
  }

  private void allocate(int count) {
    previous = new int[count];
    next = new int[count];
    ranks = new int[count];
    nodePosition = new int[count];
    nodeNext = new int[count];
  }

  private void mergeAll() {
    while (!active.isEmpty() || !late.isEmpty()) {
      int rank = active.isEmpty() ? MergeTable.NONE : active.first();
      if (late.isEmpty() || (rank != MergeTable.NONE && entryOf(rank) < late.first())) {
        int node = heads[rank];
        heads[rank] = nodeNext[node];
        if (heads[rank] == NIL) {
          active.remove(rank);
        }
        mergeAt(nodePosition[node], rank);
      } else {
        long entry = late.removeFirst();
        mergeAt((int) entry, (int) (entry >>> Integer.SIZE));
      }
    }
  }

  private long entryOf(int rank) {
    return (long) rank << Integer.SIZE | nodePosition[heads[rank]];
  }

  private void mergeAt(int at, int rank) {
    if (ranks[at] != rank) {
      return;
    }
    int right = next[at];
    ids[at] = merges.merged(rank);
    next[at] = next[right];
    ranks[right] = MergeTable.NONE;
    if (next[at] != NIL) {
      previous[next[at]] = at;
    }
    if (previous[at] != NIL) {
      rankAgain(previous[at]);
    }
    rankAgain(at);
  }

  /** Finds the rank of the pair at a position, and queues it. */
  private void rankAgain(int at) {
    int rank = next[at] == NIL ? MergeTable.NONE : merges.rank(ids[at], ids[next[at]]);
    ranks[at] = rank;
    if (rank == MergeTable.NONE) {
      return;
    }
    boolean empty = heads[rank] == NIL;
    if (!empty && nodePosition[tails[rank]] > at) {
      late.add((long) rank << Integer.SIZE | at);
      return;
    }
    if (nodes == nodePosition.length) {
      int size = nodes + (nodes >> 1) + 1;
      nodePosition = Arrays.copyOf(nodePosition, size);
      nodeNext = Arrays.copyOf(nodeNext, size);
    }
    nodePosition[nodes] = at;
    nodeNext[nodes] = NIL;
    if (empty) {
      heads[rank] = nodes;
      active.add(rank);
    } else {
      nodeNext[tails[rank]] = nodes;
    }
    tails[rank] = nodes++;
  }
}
