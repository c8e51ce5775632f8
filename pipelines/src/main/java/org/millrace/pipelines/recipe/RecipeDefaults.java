package org.millrace.pipelines.recipe;

import java.util.Optional;

/**
 * What a run of a recipe uses where its command line does not say. Relative paths count from the
 * folder of Millrace itself. Not part of what a recipe is, so neither in its JSON nor its hash.
 *
 * @param input files to read
 * @param tokenizer a tokenizer.json
 * @param output a folder
 */
public record RecipeDefaults(
    @Setting(doc = "The input where --input is not given.") Optional<String> input,
    @Setting(doc = "The tokenizer where --tokenizer is not given.") Optional<String> tokenizer,
    @Setting(doc = "The output where --output is not given.") Optional<String> output) {

  /** No defaults: the command line must say all. */
  public static final RecipeDefaults NONE =
      new RecipeDefaults(Optional.empty(), Optional.empty(), Optional.empty());
}
