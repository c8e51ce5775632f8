package org.millrace.pipelines;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.pipelines.recipe.Recipe;

/** A recipe and a job that fit each other, ready to become a graph. */
public interface DatasetPlan {

  /** The recipe, with all that only the tokenizer knows filled in. */
  Recipe<?> recipe();

  /** What the manifest will say of recipe and tokenizer. */
  ManifestHeader header();

  /**
   * What will be read.
   *
   * @throws IllegalArgumentException when there is nothing, or something of an unknown format
   */
  PlannedInput input() throws IOException;

  /** How many shards there will be, those without samples among them. */
  int numShards();

  /** What a person should know of it before it runs, line by line. */
  default List<String> summary() {
    return List.of();
  }

  /** Adds all steps to a pipeline: its result is the dataset in the job's output folder. */
  void addTo(Pipeline pipeline);
}
