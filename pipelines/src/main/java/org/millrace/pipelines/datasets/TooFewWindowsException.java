package org.millrace.pipelines.datasets;

import java.util.List;

/** A corpus has fewer windows than a recipe wants, and the recipe does not allow that. */
public final class TooFewWindowsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is missing.
   *
   * @param missing a sentence each
   */
  TooFewWindowsException(List<String> missing) {
    super(
        "the input has too few windows for the targets:\n  "
            + String.join("\n  ", missing)
            + "\ngive more input, lower the targets, or set allow_short to true to take what there"
            + " is");
  }
}
