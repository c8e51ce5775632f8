package org.millrace.io.mds;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;

/**
 * Finds and opens shards. Their order is that of the index; where each of several folders has an
 * index, it is that of the folders' paths; where there is none, that of the numbers in their names.
 */
record MdsFormat() implements StoredFormat {

  @Override
  public String name() {
    return MdsIO.FORMAT;
  }

  @Override
  public List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings)
      throws IOException {
    return new ShardList(folder, findings).list();
  }

  @Override
  public ShardReader open(List<StoredFile> files) throws IOException {
    return MdsShardReader.open(files.get(0), files.stream().skip(1).findFirst());
  }

  /** Whether a file is a shard, by its name. */
  static boolean isShard(StoredFile file) {
    Optional<Compression.Family> family = Compression.Family.ofFileName(file.name());
    String suffix = family.map(Compression.Family::suffix).orElse("");
    return file.name().endsWith(MdsIO.EXTENSION + suffix);
  }

  /** The path of a file's folder, with a slash at its end if it is not empty. */
  static String folder(StoredFile file) {
    return file.path().substring(0, file.path().length() - file.name().length());
  }
}
