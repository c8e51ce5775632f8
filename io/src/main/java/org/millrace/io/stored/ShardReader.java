package org.millrace.io.stored;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.io.column.Column;

/**
 * A shard opened for reading. Its files are not trusted: sizes and offsets are checked before they
 * are used, and memory is bounded whatever they say.
 */
public interface ShardReader extends Closeable {

  /**
   * What a shard holds.
   *
   * @param samples the samples
   * @param digest of their token ids, padding included; empty where there are none
   */
  record Contents(long samples, TokenDigest digest) {}

  /** What every sample of the shard holds. */
  List<Column> columns();

  /** The number of samples, as the shard's head or index has it. */
  long samples();

  /** The number of token ids, padding included, where the shard's head or index tells it. */
  default OptionalLong tokens() {
    return OptionalLong.empty();
  }

  /** What a person wants to know of the shard besides, as "compression". */
  default SortedMap<String, String> properties() {
    return new TreeMap<>();
  }

  /**
   * Reads the whole shard and reports what is wrong with it.
   *
   * @param vocabularySize every token id must be below it; {@link Long#MAX_VALUE} where it is not
   *     known
   * @param findings takes what is wrong, each with the path of the file
   * @throws IOException where reading cannot go on: with the file, the offset, what was expected
   *     and what was found
   */
  Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException;

  /**
   * The samples in their order.
   *
   * @param from the number of the first of them, from 0 to {@link #samples}
   */
  SampleCursor read(long from) throws IOException;
}
