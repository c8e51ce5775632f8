package org.millrace.pipelines;

import java.io.IOException;
import java.util.Set;
import org.millrace.pipelines.recipe.Recipe;

/**
 * A dataset pipeline: which steps, in which order. Its recipe says the numbers.
 *
 * @param <S> the record of its settings
 */
public interface DatasetPipeline<S extends Record> {

  /** The name that recipes call it by. */
  String name();

  /** The record that its recipes are bound to. */
  Class<S> settings();

  /** The places that a run must be told of. */
  default Set<Place> needs() {
    return Set.of(Place.INPUT, Place.TOKENIZER);
  }

  /** The places that a run may be told of besides. */
  default Set<Place> takes() {
    return Set.of();
  }

  /**
   * Checks recipe and job against each other, before any work.
   *
   * @throws IllegalArgumentException when they do not fit, with what to change
   * @throws IOException when a file that it needs, as the tokenizer, cannot be read
   */
  DatasetPlan plan(Recipe<S> recipe, Job job) throws IOException;
}
