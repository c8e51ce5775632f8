package org.millrace.io.shard;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local folder for the files of one shard while it is written; gone with all that is in it when
 * closed.
 */
public final class ShardScratch implements Closeable {

  private final Path folder;
  private int files;

  private ShardScratch(Path folder) {
    this.folder = folder;
  }

  /** A new folder where this Java keeps its temporary files. */
  public static ShardScratch create() throws IOException {
    return new ShardScratch(Files.createTempDirectory("millrace-shard-"));
  }

  /** A path in the folder at which there is no file yet. */
  public Path newFile(String extension) {
    return folder.resolve(files++ + extension);
  }

  @Override
  public void close() throws IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(folder)) {
      found = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : found) {
      Files.deleteIfExists(path);
    }
  }
}
