package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;

/** Finds and opens HDF5 files, each a shard. */
record Hdf5Format() implements StoredFormat {

  private static final String OTHER_EXTENSION = ".hdf5";

  @Override
  public String name() {
    return Hdf5IO.FORMAT;
  }

  @Override
  public List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings) {
    return folder.files().stream()
        .filter(
            file -> file.path().endsWith(Hdf5IO.EXTENSION) || file.path().endsWith(OTHER_EXTENSION))
        .map(List::of)
        .toList();
  }

  @Override
  public ShardReader open(List<StoredFile> files) throws IOException {
    RowDataset rows = RowDataset.read(files.get(0));
    List<RowArray> arrays = new ArrayList<>();
    for (String name : List.of(Column.TARGET_INDEX, Column.TARGET_PROB)) {
      Optional<RowDataset> found = RowDataset.read(files.get(0), name);
      if (found.isPresent()) {
        arrays.add(RowArray.of(name, found.get(), rows.rows()));
      }
    }
    return new RowReader(rows, arrays);
  }
}
