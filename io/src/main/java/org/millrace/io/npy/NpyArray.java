package org.millrace.io.npy;

import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
import org.millrace.io.shard.Finding;
import org.millrace.io.shard.StoredFile;
import org.millrace.transforms.data.TokenIds;

/**
 * An array in a stored file that is as long as its header says.
 *
 * @param start the offset of its first element
 */
record NpyArray(StoredFile file, DType dtype, List<Long> shape, long start) {

  /** No one trains on longer samples; a longer one is a damaged file. */
  static final int MAX_IDS = 1 << 26;

  private static final int BUFFER_BYTES = 1 << 18;

  /** Says what an element is, by its number. */
  interface Position {
    String of(long element);
  }

  /** Reads the header; the array follows in the stream. */
  static NpyArray open(StoredFile file, InputStream in) throws IOException {
    CountedInput counted = new CountedInput(in);
    NpyHeader header = NpyHeader.read(counted, file.path());
    long elements = header.elements(file.path());
    int width = header.dtype().bytes();
    long size = file.bytes() - counted.count;
    if (size % width != 0 || size / width != elements) {
      String what = "size for shape " + header.shape() + " of " + header.dtype().label();
      throw new IOException(
          Finding.of(
                  file.path(), what, counted.count + " + " + elements + " * " + width, file.bytes())
              .toString());
    }
    return new NpyArray(file, header.dtype(), header.shape(), counted.count);
  }

  /** The number of elements. */
  long elements() {
    return (file.bytes() - start) / dtype.bytes();
  }

  /** Elements as token ids. */
  TokenIds ids(long from, long count) throws IOException {
    long at = start + from * dtype.bytes();
    if (count > MAX_IDS) {
      String problem = "expected " + MAX_IDS + " ids at most, got " + count;
      throw new IOException(file.path() + ": offset " + at + ": " + problem);
    }
    byte[] bytes = new byte[(int) count * dtype.bytes()];
    try (InputStream in = file.stream(at)) {
      new DataInputStream(in).readFully(bytes);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] ids = new int[(int) count];
    for (int i = 0; i < count; i++) {
      long id = dtype.get(buffer, i * dtype.bytes());
      if (id < 0 || id > Integer.MAX_VALUE) {
        long offset = at + (long) i * dtype.bytes();
        throw new IOException(
            Finding.at(file.path(), offset, "id", "0.." + Integer.MAX_VALUE, id).toString());
      }
      ids[i] = (int) id;
    }
    return TokenIds.wrap(ids);
  }

  /**
   * Reports elements that are no ids of the vocabulary.
   *
   * @param from the element at which the stream is
   * @param to the element to stop before
   * @param position says in a finding what an element is
   */
  void checkIds(
      long from,
      long to,
      InputStream in,
      long vocabularySize,
      Position position,
      Consumer<Finding> findings)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int width = dtype.bytes();
    long element = from;
    while (element < to) {
      int count = (int) Math.min(to - element, BUFFER_BYTES / width);
      if (in.readNBytes(buffer.array(), 0, count * width) < count * width) {
        throw new IOException(file.path() + ": ends before its last element");
      }
      for (int i = 0; i < count; i++, element++) {
        long id = dtype.get(buffer, i * width);
        if (id < 0 || id >= vocabularySize) {
          long offset = start + element * width;
          String expected = "0.." + (vocabularySize - 1);
          findings.accept(Finding.at(file.path(), offset, position.of(element), expected, id));
        }
      }
    }
  }

  /** Counts the bytes that a header takes. */
  private static final class CountedInput extends FilterInputStream {
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
