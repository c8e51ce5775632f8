package org.millrace.transforms.tokenize;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * How documents become token ids; small enough to travel to every worker.
 *
 * <pre>{@code
 * EncoderSettings settings = EncoderSettings.using(spec).withEos(50256);
 * try (DocumentEncoder encoder = settings.open()) {
 *   DocumentEncoder.Result result = encoder.encode(document, tally);
 * }
 * }</pre>
 */
@AutoValue
public abstract class EncoderSettings implements Serializable {

  /** No id, or no chunks: an OptionalInt does not travel. */
  private static final int NONE = -1;

  /** The tokenizer. */
  public abstract TokenizerSpec tokenizer();

  abstract int bosOrNone();

  abstract int eosOrNone();

  abstract int chunkOrNone();

  /** Encodes with a tokenizer, and adds no tokens before or after a document. */
  public static EncoderSettings using(TokenizerSpec tokenizer) {
    return new AutoValue_EncoderSettings(tokenizer, NONE, NONE, NONE);
  }

  /** The same with documents that begin with this id. */
  public EncoderSettings withBos(int id) {
    checkArgument(id >= 0, "bos must be a token id of 0 or more, was %s", id);
    return new AutoValue_EncoderSettings(tokenizer(), id, eosOrNone(), chunkOrNone());
  }

  /** The same with documents that end with this id. */
  public EncoderSettings withEos(int id) {
    checkArgument(id >= 0, "eos must be a token id of 0 or more, was %s", id);
    return new AutoValue_EncoderSettings(tokenizer(), bosOrNone(), id, chunkOrNone());
  }

  /** The same with texts cut; see {@link Tokenize#withChunksOf}. */
  public EncoderSettings withChunksOf(int characters) {
    checkArgument(characters > 0, "characters must be 1 or more, was %s", characters);
    return new AutoValue_EncoderSettings(tokenizer(), bosOrNone(), eosOrNone(), characters);
  }

  OptionalInt bos() {
    return optional(bosOrNone());
  }

  OptionalInt eos() {
    return optional(eosOrNone());
  }

  OptionalInt chunk() {
    return optional(chunkOrNone());
  }

  private static OptionalInt optional(int number) {
    return number == NONE ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /**
   * Opens the tokenizer.
   *
   * @throws IOException where its file cannot be read, or is another than the job began with
   * @throws IllegalArgumentException where it cannot be used so, or an id is not in its vocabulary
   */
  public DocumentEncoder open() throws IOException {
    return DocumentEncoder.open(this);
  }
}
