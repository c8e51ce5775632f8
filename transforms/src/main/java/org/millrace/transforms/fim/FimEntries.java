package org.millrace.transforms.fim;

import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Tally;

/** What fill-in-the-middle says to the ledger. */
final class FimEntries {

  /** Why tokens behind the end of a row are not written. */
  static final String CUT = "cut";

  /** Why there are fewer tokens after parts of a text were encoded anew. */
  static final String MERGED = "merged";

  private FimEntries() {}

  /**
   * Accounts for the tokens of a run that was walked over.
   *
   * @param sentinels how many of them were added
   */
  static void grown(
      String source, int before, int now, int sentinels, FimCounts.Counter counter, Tally tally) {
    if (sentinels == 0) {
      return;
    }
    tally.add(source, FillInMiddle.STEP, Ledger.SENTINELS, 0, 0, sentinels);
    counter.add(FimCount.TOKENS_ADDED, sentinels);
    int more = now - before - sentinels;
    if (more > 0) {
      tally.add(source, FillInMiddle.STEP, Ledger.ADDED, 0, 0, more);
      counter.add(FimCount.TOKENS_ADDED, more);
    } else if (more < 0) {
      tally.add(source, FillInMiddle.STEP, MERGED, 0, 0, -more);
      counter.add(FimCount.TOKENS_MERGED, -more);
    }
  }
}
