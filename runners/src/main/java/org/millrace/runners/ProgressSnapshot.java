package org.millrace.runners;

import org.millrace.transforms.ledger.Progress;

/**
 * How far the steps in this process are.
 *
 * @param nanos when, by {@link System#nanoTime}
 */
record ProgressSnapshot(
    long nanos,
    long inputBytes,
    long documents,
    long textBytes,
    long tokens,
    long badRecords,
    long samples,
    long shards) {

  static ProgressSnapshot now() {
    return new ProgressSnapshot(
        System.nanoTime(),
        Progress.INPUT_BYTES.get(),
        Progress.DOCUMENTS.get(),
        Progress.TEXT_BYTES.get(),
        Progress.TOKENS.get(),
        Progress.BAD_RECORDS.get(),
        Progress.SAMPLES.get(),
        Progress.SHARDS.get());
  }

  double secondsSince(ProgressSnapshot earlier) {
    return (nanos - earlier.nanos) / 1e9;
  }
}
