package org.millrace.io.shard;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.transforms.data.TokenIds;

/**
 * Reads the shards of a format back. The files are not trusted: sizes and offsets are checked
 * before they are used, and memory is bounded whatever they say.
 */
public interface ShardReader {

  /**
   * What a shard holds.
   *
   * @param samples the samples
   * @param elements the token ids in them, padding included
   */
  record Contents(long samples, long elements) {}

  /**
   * Reads a whole shard and reports what is wrong with it.
   *
   * @param files the shard's files, in the order of their names
   * @param vocabularySize every id must be below it
   * @param findings takes what is wrong
   * @throws IOException where reading cannot go on: with the file, what was expected and what was
   *     found
   */
  Contents check(List<StoredFile> files, long vocabularySize, Consumer<Finding> findings)
      throws IOException;

  /**
   * The tokens of one sample.
   *
   * @param files the shard's files, in the order of their names
   * @param number from 0, within the shard
   * @throws IOException where there is no such sample, or the shard is damaged
   */
  TokenIds sample(List<StoredFile> files, long number) throws IOException;
}
