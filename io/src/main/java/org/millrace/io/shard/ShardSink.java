package org.millrace.io.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A format: it knows how one shard of samples is written, and nothing of the set of shards but what
 * an index needs.
 *
 * <p>What it writes depends on the samples and their order alone: equal samples, equal bytes.
 *
 * @param <T> the type of the samples
 */
public interface ShardSink<T> extends Serializable {

  /**
   * Begins a shard.
   *
   * @param scratch where local files may be made
   * @param samples how many samples will come; at least one
   */
  ShardWriter<T> open(ShardScratch scratch, long samples) throws IOException;

  /** How the files of a shard are called. */
  ShardNaming naming();

  /** Facts about the files that a reader wants to know, as "dtype"; they go into the manifest. */
  default SortedMap<String, String> properties() {
    return new TreeMap<>();
  }

  /**
   * The files that describe all shards, by name: made once at the end.
   *
   * @param shards those that have samples, in order, each with its files in this format
   */
  default Map<String, byte[]> index(List<ShardSummary> shards) {
    return Map.of();
  }
}
