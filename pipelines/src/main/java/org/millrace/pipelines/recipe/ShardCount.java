package org.millrace.pipelines.recipe;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * How many shards a recipe wants: a number, or as many as there are input files, each a shard. In
 * YAML: an integer, or {@code input_files}.
 *
 * @param number of shards; 0 for one an input file
 */
public record ShardCount(int number) implements Serializable {

  static final String INPUT_FILES_TEXT = "input_files";

  /** One shard for each input file. */
  public static final ShardCount INPUT_FILES = new ShardCount(0);

  public ShardCount {
    checkArgument(number >= 0, "the number of shards must not be negative, was %s", number);
  }

  /** A number of shards, 1 or more. */
  public static ShardCount of(int number) {
    checkArgument(number > 0, "the number of shards must be 1 or more, was %s", number);
    return new ShardCount(number);
  }

  /** Whether each input file makes a shard. */
  public boolean isInputFiles() {
    return number == 0;
  }

  /** As a recipe says it. */
  @Override
  public String toString() {
    return isInputFiles() ? INPUT_FILES_TEXT : Integer.toString(number);
  }
}
