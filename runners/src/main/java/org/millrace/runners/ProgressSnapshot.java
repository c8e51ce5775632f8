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
    long tokenizedDocuments,
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
        Progress.TOKENIZED_DOCUMENTS.get(),
        Progress.TEXT_BYTES.get(),
        Progress.TOKENS.get(),
        Progress.BAD_RECORDS.get(),
        Progress.SAMPLES.get(),
        Progress.SHARDS.get());
  }

  /** What was done since an earlier moment; {@link #nanos} is the time between. */
  ProgressSnapshot since(ProgressSnapshot earlier) {
    return new ProgressSnapshot(
        nanos - earlier.nanos,
        inputBytes - earlier.inputBytes,
        documents - earlier.documents,
        tokenizedDocuments - earlier.tokenizedDocuments,
        textBytes - earlier.textBytes,
        tokens - earlier.tokens,
        badRecords - earlier.badRecords,
        samples - earlier.samples,
        shards - earlier.shards);
  }

  double seconds() {
    return nanos / 1e9;
  }
}
