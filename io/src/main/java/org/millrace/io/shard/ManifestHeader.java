package org.millrace.io.shard;

import java.io.IOException;
import java.io.Serializable;

/**
 * The part of a manifest that is known before the run.
 *
 * @param recipe the resolved recipe as JSON: an object
 * @param recipeSha256 of the recipe's canonical JSON, in hexadecimal
 * @param tokenizer the tokenizer that made the tokens, or {@link Tokenizer#UNKNOWN}
 */
public record ManifestHeader(String recipe, String recipeSha256, Tokenizer tokenizer)
    implements Serializable {

  /**
   * A tokenizer, by what identifies it.
   *
   * @param name for people
   * @param sha256 of its file, in hexadecimal
   * @param vocabularySize every id is below it
   * @param engine what encoded: "java" or "djl"; empty where it is not known
   */
  public record Tokenizer(String name, String sha256, int vocabularySize, String engine)
      implements Serializable {

    /** A tokenizer of which the engine is not known. */
    public Tokenizer(String name, String sha256, int vocabularySize) {
      this(name, sha256, vocabularySize, "");
    }

    /** Of tokens that came from elsewhere; the manifest leaves it out. */
    public static final Tokenizer UNKNOWN = new Tokenizer("", "", Integer.MAX_VALUE);

    /** Whether it is known which tokenizer it is. */
    public boolean isKnown() {
      return !equals(UNKNOWN);
    }
  }

  /**
   * A header with the recipe's hash.
   *
   * @throws IOException when the recipe is no JSON object
   */
  public static ManifestHeader of(String recipe, Tokenizer tokenizer) throws IOException {
    return new ManifestHeader(recipe, ManifestJson.canonicalSha256(recipe), tokenizer);
  }

  /**
   * The SHA-256 of the recipe as it is: with sorted keys and no white space, in UTF-8.
   *
   * @throws IOException when the recipe is no JSON object
   */
  public String actualSha256() throws IOException {
    return ManifestJson.canonicalSha256(recipe);
  }
}
