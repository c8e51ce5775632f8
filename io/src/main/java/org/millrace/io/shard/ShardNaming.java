package org.millrace.io.shard;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/**
 * Gives the files of shards their names. Names must differ; where they do not sort in the order of
 * the shards, only the manifest has that order.
 */
public interface ShardNaming extends Serializable {

  /**
   * Which file it is that wants a name.
   *
   * @param shard the number of its shard
   * @param input what the shard is named after, where each is made of one input file: a path with
   *     slashes, without extension
   * @param part its number among the files of the shard that have this extension
   * @param number its number among the files of all shards that have this extension
   * @param extension with its dot
   * @param partOfDataset the name of the part that the shard is in, see {@link ShardPart}
   */
  record Place(
      int shard,
      Optional<String> input,
      int part,
      int number,
      String extension,
      String partOfDataset) {

    /** A place in a dataset that is not parted. */
    public Place(int shard, Optional<String> input, int part, int number, String extension) {
      this(shard, input, part, number, extension, "");
    }

    /** {@code prefix-00007} by the number of the shard; or the name of its input file. */
    public String stem(String prefix) {
      return input.orElseGet(() -> String.format(Locale.ROOT, "%s-%05d", prefix, shard));
    }
  }

  /** A path relative to the folder of the format: slashes between folders. */
  String fileName(Place place);

  /**
   * The folder of a part's files, relative to the dataset's: {@code format} or {@code format/part}.
   *
   * @param part its name; empty where the dataset is not parted
   */
  default String folder(String format, String part) {
    return part.isEmpty() ? format : format + "/" + part;
  }

  /**
   * {@code prefix-00007.extension} by the number of the shard, or {@code input.extension}; for one
   * file a shard.
   */
  static ShardNaming byShard(String prefix) {
    return place -> place.stem(prefix) + place.extension();
  }

  /** {@code prefix-00007.extension}, numbered without gaps over all shards. */
  static ShardNaming running(String prefix) {
    return place ->
        String.format(Locale.ROOT, "%s-%05d%s", prefix, place.number(), place.extension());
  }
}
