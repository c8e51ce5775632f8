package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;

/** The files of a shard: one, or several where there are more rows than one is to hold. */
final class RowFiles implements Closeable {

  private final ShardScratch scratch;
  private final Hdf5Settings settings;
  private final Column column;
  private final List<Column> others;
  private final List<LocalFile> complete = new ArrayList<>();
  private Optional<OpenFile> current = Optional.empty();

  private record OpenFile(Path path, RowFileWriter writer) {}

  /** Files of rows alone. */
  RowFiles(ShardScratch scratch, Hdf5Settings settings) {
    this(scratch, settings, List.of());
  }

  /**
   * Files of rows and what else there is of each.
   *
   * @param others the datasets beside that of the rows
   */
  RowFiles(ShardScratch scratch, Hdf5Settings settings, List<Column> others) {
    this.scratch = scratch;
    this.settings = settings;
    this.others = List.copyOf(others);
    List<Integer> shape = List.of(Hdf5IO.LINES, settings.sequenceLength());
    this.column = Column.array(Hdf5IO.DATASET, DType.INT32, shape);
  }

  /** What a row is. */
  Column column() {
    return column;
  }

  /** The file for the next row. */
  RowFileWriter next() throws IOException {
    if (current.isPresent() && current.get().writer.rows() == settings.rowsPerFile()) {
      completeFile();
    }
    if (current.isEmpty()) {
      Path path = scratch.newFile(Hdf5IO.EXTENSION);
      RowFileWriter writer = new RowFileWriter(path, column, others, settings.gzipLevel());
      current = Optional.of(new OpenFile(path, writer));
    }
    return current.get().writer;
  }

  private void completeFile() throws IOException {
    OpenFile file = current.orElseThrow();
    try (RowFileWriter writer = file.writer) {
      writer.finish();
      complete.add(
          new LocalFile(
              file.path, complete.size(), Hdf5IO.EXTENSION, writer.rows(), new TreeMap<>()));
    }
    current = Optional.empty();
  }

  /** Completes the last file; all of them. */
  List<LocalFile> finish() throws IOException {
    if (current.isPresent()) {
      completeFile();
    }
    return List.copyOf(complete);
  }

  @Override
  public void close() throws IOException {
    if (current.isPresent()) {
      current.get().writer.close();
    }
  }
}
