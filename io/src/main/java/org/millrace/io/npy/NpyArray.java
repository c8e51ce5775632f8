package org.millrace.io.npy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.TokenDigest;

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

  /** Reads the header. */
  static NpyArray open(StoredFile file) throws IOException {
    try (CountedInput in = new CountedInput(new BufferedInputStream(file.stream()))) {
      NpyHeader header = NpyHeader.read(in, file.path());
      long elements = header.elements(file.path());
      int width = header.dtype().bytes();
      long size = file.bytes() - in.count;
      if (size % width != 0 || size / width != elements) {
        String what = "size for shape " + header.shape() + " of " + header.dtype().label();
        throw new IOException(
            Finding.of(file.path(), what, in.count + " + " + elements + " * " + width, file.bytes())
                .toString());
      }
      return new NpyArray(file, header.dtype(), header.shape(), in.count);
    }
  }

  /** The number of elements. */
  long elements() {
    return (file.bytes() - start) / dtype.bytes();
  }

  /** A stream of the elements from one on. */
  InputStream stream(long element) throws IOException {
    return file.stream(start + element * dtype.bytes());
  }

  /** The next elements of a stream, little-endian. */
  ByteBuffer read(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count * dtype.bytes());
    if (bytes.length < count * dtype.bytes()) {
      throw new EOFException(file.path() + ": ends before its last element");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads elements as token ids, and reports those that are not in the vocabulary.
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
      Consumer<Finding> findings,
      TokenDigest.Builder digest)
      throws IOException {
    int width = dtype.bytes();
    for (long element = from; element < to; ) {
      int count = (int) Math.min(to - element, BUFFER_BYTES / width);
      ByteBuffer buffer = read(in, count);
      for (int i = 0; i < count; i++, element++) {
        long id = dtype.get(buffer, i * width);
        digest.add(id);
        if (id < 0 || id >= vocabularySize) {
          long offset = start + element * width;
          String expected = "0.." + (vocabularySize - 1);
          findings.accept(Finding.at(file.path(), offset, position.of(element), expected, id));
        }
      }
    }
  }

  /** An error in the array's content. */
  IOException damaged(long element, String what, Object expected, Object got) {
    long offset = start + element * dtype.bytes();
    return new IOException(Finding.at(file.path(), offset, what, expected, got).toString());
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
