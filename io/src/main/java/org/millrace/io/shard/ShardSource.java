package org.millrace.io.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.OptionalLong;
import org.millrace.io.document.InputCount;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.ledger.Tally;

/**
 * Gives the samples of a shard that is made of one known piece of the input: an input file, a range
 * of a stored dataset. What it gives depends on the shard's number and the input alone.
 *
 * <p>One object serves all shards that a worker makes one after another.
 *
 * @param <T> the type of the samples
 */
public interface ShardSource<T> extends Serializable {

  /** Takes what a piece of the input gives. */
  interface Output<T> {

    /** Takes the next sample, in the order in which samples stand in the shard. */
    void sample(T sample) throws IOException;

    /** Takes a record that could not be used; the ledger must have it too. */
    void badRecord(BadRecord record) throws IOException;

    /** Takes how much was read of a file. */
    void input(InputCount count);

    /** What was read, dropped and tokenized, and what was bad; what is written is added to it. */
    Tally tally();
  }

  /** How many samples a shard will have, where that is known before they are read. */
  default OptionalLong samples(int shard) throws IOException {
    return OptionalLong.empty();
  }

  /** Opens what all shards need, as a tokenizer. */
  default void open() throws IOException {}

  /** Reads a shard's piece of the input. */
  void read(int shard, Output<T> output) throws IOException;

  /** Closes what was opened; called also when that has failed. */
  default void close() throws IOException {}
}
