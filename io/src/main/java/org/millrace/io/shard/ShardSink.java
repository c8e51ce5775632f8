package org.millrace.io.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * A format: it knows how one shard of samples is written, and nothing of the set of shards but what
 * an index needs.
 *
 * <p>What it writes depends on the samples and their order alone: equal samples, equal bytes.
 *
 * @param <T> the type of the samples
 */
public interface ShardSink<T> extends Serializable {

  /** The property that tells what of a sample is lost in the format, as "document ends, labels". */
  String NOT_KEPT = "not_kept";

  /**
   * Begins a shard.
   *
   * @param scratch where local files may be made
   * @param samples how many samples will come; at least one, unless {@link #writesEmpty}
   */
  ShardWriter<T> open(ShardScratch scratch, long samples) throws IOException;

  /** How the files of a shard are called. */
  ShardNaming naming();

  /**
   * Facts about the files that a reader wants to know, as "dtype"; they go into the manifest. What
   * a sample has and the format does not keep is told under {@value #NOT_KEPT}.
   */
  default SortedMap<String, String> properties() {
    return new TreeMap<>();
  }

  /**
   * The files that describe all shards, by name: made once at the end.
   *
   * @param files all files of this format, shard by shard in order
   */
  default Map<String, byte[]> index(List<IndexedFile> files) {
    return Map.of();
  }

  /**
   * Whether a shard without samples is written too, where each shard is that of one input file;
   * otherwise it has no files.
   */
  default boolean writesEmpty() {
    return false;
  }

  /**
   * The same format for samples of another type.
   *
   * @param view what this format takes of such a sample
   */
  default <S> ShardSink<S> of(SerializableFunction<S, T> view) {
    return new ViewSink<>(this, view);
  }
}
