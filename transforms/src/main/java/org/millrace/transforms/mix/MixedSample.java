package org.millrace.transforms.mix;

import org.millrace.transforms.data.Traceable;

/**
 * A sample of a source, which a mixture may take more than once, or not at all.
 *
 * @param <T> the type of the samples itself
 */
public interface MixedSample<T extends MixedSample<T>> extends Traceable {

  /** The name of its source. */
  String source();

  /** Its number among the samples of its source, from 0. */
  long number();

  /**
   * The same sample once more, under an id of its own.
   *
   * @param repeat 1 for the second time
   */
  T repeated(int repeat);
}
