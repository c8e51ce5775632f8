package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The names of a shard's files: {@code prefix-00007extension}. They sort in the order of the
 * shards.
 *
 * @param prefix before the shard's number
 * @param extensions one for each file of a shard, with their dots
 */
public record ShardNaming(String prefix, List<String> extensions) implements Serializable {

  public ShardNaming {
    extensions = List.copyOf(extensions);
    checkArgument(!extensions.isEmpty(), "extensions must not be empty");
  }

  /** The name of the file of {@code shard} with extension number {@code extension}. */
  public String fileName(int shard, int extension) {
    return String.format(Locale.ROOT, "%s-%05d%s", prefix, shard, extensions.get(extension));
  }
}
