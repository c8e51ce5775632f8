package org.millrace.io.npy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.shard.Finding;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.StoredFile;
import org.millrace.transforms.data.TokenIds;

/**
 * Reads {@code [samples, length]}.
 *
 * @param dtype what the manifest says of the elements; empty where it says nothing
 */
record NpySequenceReader(String dtype) implements ShardReader {

  @Override
  public Contents check(List<StoredFile> files, long vocabularySize, Consumer<Finding> findings)
      throws IOException {
    StoredFile file = files.get(0);
    try (InputStream in = file.stream()) {
      NpyArray array = open(file, in);
      if (!dtype.isEmpty() && !array.dtype().label().equals(dtype)) {
        findings.accept(Finding.of(file.path(), "dtype", dtype, array.dtype().label()));
      }
      long samples = array.shape().get(0);
      long length = array.shape().get(1);
      NpyArray.Position position =
          element -> "id of sample " + element / length + ", token " + element % length;
      array.checkIds(0, samples * length, in, vocabularySize, position, findings);
      return new Contents(samples, samples * length);
    }
  }

  @Override
  public TokenIds sample(List<StoredFile> files, long number) throws IOException {
    StoredFile file = files.get(0);
    NpyArray array;
    try (InputStream in = file.stream()) {
      array = open(file, in);
    }
    long samples = array.shape().get(0);
    if (number < 0 || number >= samples) {
      throw new IOException(
          file.path() + ": expected a sample in 0.." + (samples - 1) + ", got " + number);
    }
    long length = array.shape().get(1);
    return array.ids(number * length, length);
  }

  private static NpyArray open(StoredFile file, InputStream in) throws IOException {
    NpyArray array = NpyArray.open(file, in);
    if (array.shape().size() != 2 || array.shape().get(1) > NpyArray.MAX_IDS) {
      throw new IOException(
          Finding.of(
                  file.path(),
                  "shape",
                  "[samples, length up to " + NpyArray.MAX_IDS + "]",
                  array.shape())
              .toString());
    }
    return array;
  }
}
