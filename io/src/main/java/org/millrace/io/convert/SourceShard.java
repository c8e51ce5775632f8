package org.millrace.io.convert;

import java.io.IOException;
import java.util.List;
import org.millrace.io.column.Column;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFormat;

/**
 * A shard that is to be read.
 *
 * @param source the number of the source it belongs to
 * @param format its format
 * @param files its files
 * @param columns what its samples hold
 * @param samples the number of its samples
 * @param start the number of its first sample, over all shards
 */
record SourceShard(
    int source,
    StoredFormat format,
    List<StoredFile> files,
    List<Column> columns,
    long samples,
    long start) {

  ShardReader open() throws IOException {
    return format.open(files);
  }

  String path() {
    return files.get(0).path();
  }

  /** The number of the sample behind its last one. */
  long end() {
    return start + samples;
  }
}
