package org.millrace.transforms.ledger;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the steps in this process have done so far, for a progress display alone: work that is tried
 * again counts again, and work in other processes is not seen. Nothing that reaches an output may
 * come from here; see {@link Ledger}.
 */
public enum Progress {
  /** Bytes of input files consumed, compressed as they are. */
  INPUT_BYTES,
  /** Documents read. */
  DOCUMENTS,
  /** Documents tokenized; of those read some are dropped before. */
  TOKENIZED_DOCUMENTS,
  /** Bytes of text tokenized, in UTF-8. */
  TEXT_BYTES,
  /** Tokens made. */
  TOKENS,
  /** Records that could not be used. */
  BAD_RECORDS,
  /** Samples written to shards. */
  SAMPLES,
  /** Shards written, each once for all its formats. */
  SHARDS;

  // Mutable on purpose: the one place where a process counts for display.
  @SuppressWarnings("ImmutableEnumChecker")
  private final LongAdder sum = new LongAdder();

  /** Counts more of it. */
  public void add(long count) {
    sum.add(count);
  }

  /** The sum since this process began. */
  public long get() {
    return sum.sum();
  }
}
