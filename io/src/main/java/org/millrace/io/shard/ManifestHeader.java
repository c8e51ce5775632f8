package org.millrace.io.shard;

import java.io.Serializable;

/**
 * The part of a manifest that is known before the run.
 *
 * @param recipe the resolved recipe as JSON: an object
 * @param recipeSha256 of the recipe's canonical JSON, in hexadecimal
 * @param tokenizer the tokenizer that made the tokens
 */
public record ManifestHeader(String recipe, String recipeSha256, Tokenizer tokenizer)
    implements Serializable {

  /**
   * A tokenizer, by what identifies it.
   *
   * @param name for people
   * @param sha256 of its file, in hexadecimal
   * @param vocabularySize every id is below it
   */
  public record Tokenizer(String name, String sha256, int vocabularySize) implements Serializable {}
}
