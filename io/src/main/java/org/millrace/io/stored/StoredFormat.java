package org.millrace.io.stored;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** How the files of a format are found and opened, whoever wrote them. */
public interface StoredFormat {

  /** The format's name, as "npy". */
  String name();

  /**
   * The shards among the files of a folder, each with its files, in the order of the dataset; empty
   * when none of this format is there.
   *
   * @param findings takes what is wrong with the files as a set: one of a pair is missing, an index
   *     does not say what is there
   */
  List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings) throws IOException;

  /**
   * Opens a shard.
   *
   * @param files as {@link #shards} gives them
   * @throws IOException where its head is damaged: with the file, what was expected and what was
   *     found
   */
  ShardReader open(List<StoredFile> files) throws IOException;
}
