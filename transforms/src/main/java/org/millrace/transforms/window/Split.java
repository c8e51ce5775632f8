package org.millrace.transforms.window;

import java.util.Locale;

/** What the files of a corpus are kept apart for. */
public enum Split {
  /** To measure a model with. */
  TEST,
  /** To train a model with. */
  TRAIN,
  /** To look passages up in. */
  RETRIEVAL;

  /** Its name in paths and reports, as "train". */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
