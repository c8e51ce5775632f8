package org.millrace.pipelines.datasets;

import java.io.Serializable;
import org.millrace.transforms.window.Windows;

/**
 * How documents are cut into windows.
 *
 * @param windows of a run of tokens
 * @param overEnds whether all documents of a part are one run, or each is one of its own
 */
record WindowCut(Windows windows, boolean overEnds) implements Serializable {

  /** The tokens that are context alone, in so many documents of one part. */
  long contextTokens(long documents) {
    return windows.context() * (overEnds ? Math.min(1, documents) : documents);
  }
}
