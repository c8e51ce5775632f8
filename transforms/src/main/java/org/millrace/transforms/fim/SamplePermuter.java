package org.millrace.transforms.fim;

import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Tally;

/** Permutes the texts of a sample. */
interface SamplePermuter<T> {

  /**
   * The sample with its texts permuted.
   *
   * @param key that everything by chance depends on
   * @param counter of what happened
   * @param tally of tokens that were added, and of what was cut off
   */
  T permute(T sample, OrderKey key, FimCounts.Counter counter, Tally tally);
}
