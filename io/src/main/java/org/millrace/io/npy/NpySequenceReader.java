package org.millrace.io.npy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
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

  private static final int BUFFER_BYTES = 1 << 18;

  /** No one trains on longer samples; a longer one is a damaged header. */
  private static final long MAX_LENGTH = 1 << 26;

  @Override
  public Contents check(List<StoredFile> files, long vocabularySize, Consumer<Finding> findings)
      throws IOException {
    StoredFile file = files.get(0);
    try (InputStream in = file.stream()) {
      Array array = open(file, in);
      if (!dtype.isEmpty() && !array.header.dtype().label().equals(dtype)) {
        findings.accept(Finding.of(file.path(), "dtype", dtype, array.header.dtype().label()));
      }
      checkIds(file, array, in, vocabularySize, findings);
      return new Contents(array.samples(), array.samples() * array.length());
    }
  }

  @Override
  public TokenIds sample(List<StoredFile> files, long number) throws IOException {
    StoredFile file = files.get(0);
    Array array;
    try (InputStream in = file.stream()) {
      array = open(file, in);
    }
    if (number < 0 || number >= array.samples()) {
      throw new IOException(
          file.path() + ": expected a sample in 0.." + (array.samples() - 1) + ", got " + number);
    }
    DType type = array.header.dtype();
    int bytes = Math.toIntExact(array.length() * type.bytes());
    byte[] row = new byte[bytes];
    try (InputStream in = file.stream(array.start + number * bytes)) {
      new DataInputStream(in).readFully(row);
    }
    ByteBuffer buffer = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    int[] ids = new int[Math.toIntExact(array.length())];
    for (int i = 0; i < ids.length; i++) {
      long id = type.get(buffer, i * type.bytes());
      if (id < 0 || id > Integer.MAX_VALUE) {
        long at = array.start + number * bytes + (long) i * type.bytes();
        throw new IOException(Finding.at(file.path(), at, "id", "0 or more", id).toString());
      }
      ids[i] = (int) id;
    }
    return TokenIds.wrap(ids);
  }

  /** An array's header, and where its elements begin. */
  private record Array(NpyHeader header, long start) {
    long samples() {
      return header.shape().get(0);
    }

    long length() {
      return header.shape().get(1);
    }
  }

  /** Reads the header and checks that the file is as long as it says. */
  private static Array open(StoredFile file, InputStream in) throws IOException {
    CountedInput counted = new CountedInput(in);
    NpyHeader header = NpyHeader.read(counted, file.path());
    if (header.shape().size() != 2 || header.shape().get(1) > MAX_LENGTH) {
      throw new IOException(
          Finding.of(
                  file.path(),
                  "shape",
                  "[samples, length up to " + MAX_LENGTH + "]",
                  header.shape())
              .toString());
    }
    long elements = header.elements(file.path());
    long expected = counted.count + elements * header.dtype().bytes();
    if (elements > Long.MAX_VALUE / Long.BYTES - counted.count || expected != file.bytes()) {
      throw new IOException(
          Finding.of(
                  file.path(),
                  "size for shape " + header.shape() + " of " + header.dtype().label(),
                  expected + " bytes",
                  file.bytes())
              .toString());
    }
    return new Array(header, counted.count);
  }

  private static void checkIds(
      StoredFile file, Array array, InputStream in, long vocabularySize, Consumer<Finding> findings)
      throws IOException {
    DType type = array.header.dtype();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long at = array.start;
    int read;
    while ((read = in.readNBytes(buffer.array(), 0, BUFFER_BYTES)) > 0) {
      for (int i = 0; i + type.bytes() <= read; i += type.bytes()) {
        long id = type.get(buffer, i);
        if (id < 0 || id >= vocabularySize) {
          long element = (at + i - array.start) / type.bytes();
          String what =
              "id of sample " + element / array.length() + ", token " + element % array.length();
          findings.accept(Finding.at(file.path(), at + i, what, "0.." + (vocabularySize - 1), id));
        }
      }
      at += read;
    }
  }

  /** Counts the bytes that a header takes. */
  private static final class CountedInput extends java.io.FilterInputStream {
    private long count;

    CountedInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = in.read(bytes, from, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
