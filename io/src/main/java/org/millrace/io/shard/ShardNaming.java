package org.millrace.io.shard;

import java.io.Serializable;
import java.util.Locale;

/**
 * Gives the files of shards their names. Names must differ, and sort in the order of the shards.
 */
public interface ShardNaming extends Serializable {

  /**
   * Which file it is that wants a name.
   *
   * @param shard the number of its shard
   * @param part its number among the files of the shard that have this extension
   * @param number its number among the files of all shards that have this extension
   * @param extension with its dot
   */
  record Place(int shard, int part, int number, String extension) {}

  /** A path relative to the folder of the format: slashes between folders. */
  String fileName(Place place);

  /** {@code prefix-00007.extension} by the number of the shard; for one file a shard. */
  static ShardNaming byShard(String prefix) {
    return place ->
        String.format(Locale.ROOT, "%s-%05d%s", prefix, place.shard(), place.extension());
  }

  /** {@code prefix-00007.extension}, numbered without gaps over all shards. */
  static ShardNaming running(String prefix) {
    return place ->
        String.format(Locale.ROOT, "%s-%05d%s", prefix, place.number(), place.extension());
  }
}
