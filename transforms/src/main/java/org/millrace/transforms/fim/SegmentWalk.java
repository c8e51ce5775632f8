package org.millrace.transforms.fim;

import java.util.ArrayList;
import java.util.List;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableRandom;

/**
 * Walks over the ids of one sample and permutes each text between two end-of-text tokens, by a
 * stream of chance of its own: its number in the sample.
 */
final class SegmentWalk {

  /** Where a permuted text stands in the result. */
  private record Place(int from, int to) {}

  private final FimPermuter permuter;
  private final FimFrame frame;
  private final OrderKey key;
  private final FimCounts.Counter counter;
  private final IdList out;
  private final List<Place> permuted = new ArrayList<>();
  private long number;
  private boolean endsPermuted;

  /**
   * A walk over one sample.
   *
   * @param key of the sample
   * @param capacity how many ids are expected
   */
  SegmentWalk(
      FimPermuter permuter, FimFrame frame, OrderKey key, int capacity, FimCounts.Counter counter) {
    this.permuter = permuter;
    this.frame = frame;
    this.key = key;
    this.counter = counter;
    this.out = new IdList(capacity);
  }

  /**
   * Takes the next ids, which hold whole texts, as far as they are in the sample.
   *
   * @return how many sentinels were added
   */
  int add(TokenIds run) {
    int before = permuted.size();
    for (int at = 0; at < run.length(); ) {
      int end = at;
      while (end < run.length() && run.get(end) != frame.eos()) {
        end++;
      }
      int start = at < end && run.get(at) == frame.bos() ? at + 1 : at;
      out.add(run.slice(at, start));
      permute(run.slice(start, end));
      int behind = Math.min(run.length(), end + 1);
      out.add(run.slice(end, behind));
      endsPermuted &= end == behind;
      at = behind;
    }
    return 3 * (permuted.size() - before);
  }

  private void permute(TokenIds text) {
    FimPermuter.Result result = permuter.permute(text, StableRandom.of(key, number++));
    count(result.fate());
    endsPermuted = result.isPermuted();
    if (endsPermuted) {
      permuted.add(new Place(out.length(), out.length() + result.tokens().length()));
    }
    out.add(result.tokens());
  }

  private void count(FimPermuter.Fate fate) {
    counter.add(FimCount.SEGMENTS, 1);
    switch (fate) {
      case KEPT -> {}
      case EMPTY -> counter.add(FimCount.TOO_SHORT, 1);
      case HOLDS_SENTINEL -> counter.add(FimCount.HOLDING_SENTINELS, 1);
      case PSM -> counter.add(FimCount.PSM, 1);
      case SPM -> counter.add(FimCount.SPM, 1);
      case NOT_CUT -> counter.add(FimCount.UNDECODABLE, 1);
    }
    switch (fate) {
      case PSM, SPM, NOT_CUT -> counter.add(FimCount.DRAWN, 1);
      case KEPT, EMPTY, HOLDS_SENTINEL -> {}
    }
  }

  /** Whether any text was permuted. */
  boolean hasPermuted() {
    return !permuted.isEmpty();
  }

  /** Whether the last text was permuted, and no end-of-text follows it. */
  boolean endsPermuted() {
    return endsPermuted;
  }

  /** Counts the permuted texts that do not fit into a row. */
  void countCut(int length) {
    for (Place place : permuted) {
      if (place.from >= length) {
        counter.add(FimCount.CUT_AWAY, 1);
      } else if (place.to > length) {
        counter.add(FimCount.TRUNCATED, 1);
      }
    }
  }

  /** The ids so far. */
  IdList ids() {
    return out;
  }
}
