package org.millrace.io.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes one shard to local files. {@code close} gives up what {@link #finish} has not completed;
 * it may follow it.
 *
 * @param <T> the type of the samples
 */
public interface ShardWriter<T> extends Closeable {

  /** Writes the next sample. */
  void write(T sample) throws IOException;

  /** Completes the shard: its local files, in the order in which a manifest is to list them. */
  List<LocalFile> finish() throws IOException;

  /** What the shard holds: "tokens" and whatever else is worth adding up over all shards. */
  default SortedMap<String, Long> counts() {
    return new TreeMap<>();
  }
}
