package org.millrace.transforms.tokenize;

import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;

/** Turns text into token ids and back. Safe for use by many threads at once. */
public interface Tokenizer extends AutoCloseable {

  /** What it works with, as the tokenizer's file decided: never {@code AUTO}. */
  TokenizerEngine engine();

  /**
   * The ids of a text, without any token that is not in the text.
   *
   * @throws UntokenizableTextException where this one text has no ids
   */
  TokenIds encode(String text);

  /** The text of ids; special tokens are shown. */
  String decode(TokenIds ids);

  /** The number of ids, added tokens included: the largest id plus one. */
  int vocabularySize();

  /** The id of a token by its content in the vocabulary. */
  OptionalInt idOf(String token);

  /** The content of a token in the vocabulary. */
  Optional<String> tokenOf(int id);

  /**
   * Text from within documents.
   *
   * @throws IllegalArgumentException where what encodes always puts something before a text
   */
  default InnerText innerText() {
    throw new IllegalArgumentException(
        "text cannot be cut between characters with this tokenizer, which the Java encoder does not"
            + " understand; cut it between tokens, or set tokenize.engine to java to see why");
  }

  @Override
  void close();
}
