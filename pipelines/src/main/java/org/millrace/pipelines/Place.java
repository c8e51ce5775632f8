package org.millrace.pipelines;

import java.util.Locale;

/** A place that a run is told of beside its recipe. */
public enum Place {
  /** The files to read. */
  INPUT,
  /** The tokenizer. */
  TOKENIZER,
  /** The model of a teacher. */
  MODEL;

  /** The option that names it on a command line, as {@code --input}. */
  public String option() {
    return "--" + name().toLowerCase(Locale.ROOT);
  }
}
