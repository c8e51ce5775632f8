package org.millrace.io.npy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
import org.millrace.io.shard.Finding;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.StoredFile;
import org.millrace.transforms.data.TokenIds;

/** Reads {@code [n][lengths][tokens]}. */
record NpyDocumentReader() implements ShardReader {

  @Override
  public Contents check(List<StoredFile> files, long vocabularySize, Consumer<Finding> findings)
      throws IOException {
    StoredFile file = files.get(0);
    try (InputStream in = new BufferedInputStream(file.stream())) {
      NpyArray array = open(file, in);
      long documents = documents(array, in);
      long tokens = array.elements() - 1 - documents;
      long sum = 0;
      for (long i = 0; i < documents; i++) {
        sum += length(array, in, i, tokens - sum);
      }
      if (sum != tokens) {
        throw new IOException(Finding.of(file.path(), "sum of lengths", tokens, sum).toString());
      }
      array.checkIds(
          1 + documents,
          array.elements(),
          in,
          vocabularySize,
          element -> "id of token " + (element - 1 - documents),
          findings);
      return new Contents(documents, tokens);
    }
  }

  @Override
  public TokenIds sample(List<StoredFile> files, long number) throws IOException {
    StoredFile file = files.get(0);
    try (InputStream in = new BufferedInputStream(file.stream())) {
      NpyArray array = open(file, in);
      long documents = documents(array, in);
      if (number < 0 || number >= documents) {
        throw new IOException(
            file.path() + ": expected a document in 0.." + (documents - 1) + ", got " + number);
      }
      long before = 0;
      long tokens = array.elements() - 1 - documents;
      for (long i = 0; i < number; i++) {
        before += length(array, in, i, tokens - before);
      }
      long length = length(array, in, number, tokens - before);
      return array.ids(1 + documents + before, length);
    }
  }

  private static NpyArray open(StoredFile file, InputStream in) throws IOException {
    NpyArray array = NpyArray.open(file, in);
    if (array.shape().size() != 1 || array.dtype() != DType.INT64 || array.elements() < 1) {
      String got = array.shape() + " of " + array.dtype().label();
      throw new IOException(
          Finding.of(file.path(), "shape", "[1 or more] of int64", got).toString());
    }
    return array;
  }

  private static long documents(NpyArray array, InputStream in) throws IOException {
    long documents = next(in);
    return inRange(array, 0, "number of documents", documents, array.elements() - 1);
  }

  private static long length(NpyArray array, InputStream in, long document, long left)
      throws IOException {
    return inRange(array, 1 + document, "length of document " + document, next(in), left);
  }

  private static long inRange(NpyArray array, long element, String what, long value, long max)
      throws IOException {
    if (value < 0 || value > max) {
      long offset = array.start() + element * Long.BYTES;
      throw new IOException(
          Finding.at(array.file().path(), offset, what, "0.." + max, value).toString());
    }
    return value;
  }

  private static long next(InputStream in) throws IOException {
    return Long.reverseBytes(new DataInputStream(in).readLong());
  }
}
