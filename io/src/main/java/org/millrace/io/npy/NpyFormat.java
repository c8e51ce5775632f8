package org.millrace.io.npy;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;

/** Finds and opens npy files: two dimensions are sequences, one is {@code [n][lengths][tokens]}. */
record NpyFormat() implements StoredFormat {

  @Override
  public String name() {
    return NpyIO.FORMAT;
  }

  @Override
  public List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings) {
    return folder.files().stream()
        .filter(file -> file.path().endsWith(NpyIO.EXTENSION))
        .map(List::of)
        .toList();
  }

  @Override
  public ShardReader open(List<StoredFile> files) throws IOException {
    NpyArray array = NpyArray.open(files.get(0));
    boolean whole = array.dtype().isInteger();
    if (whole && array.shape().size() == 2 && array.shape().get(1) <= NpyArray.MAX_IDS) {
      return new NpySequenceReader(array);
    }
    if (whole && array.shape().size() == 1 && array.elements() > 0) {
      return NpyDocumentReader.open(array);
    }
    throw new IOException(
        Finding.of(
                array.file().path(),
                "array",
                "whole numbers: [samples, length up to "
                    + NpyArray.MAX_IDS
                    + "] or [1 + documents + tokens]",
                array.shape() + " of " + array.dtype().label())
            .toString());
  }
}
