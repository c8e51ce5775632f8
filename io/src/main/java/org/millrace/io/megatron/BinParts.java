package org.millrace.io.megatron;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/**
 * A {@code .bin}: one file, or parts that make it one after another, cut anywhere.
 *
 * @param parts at least one; some may be empty
 */
record BinParts(List<StoredFile> parts) {

  BinParts {
    parts = List.copyOf(parts);
  }

  /** The size of all parts. */
  long bytes() {
    return parts.stream().mapToLong(StoredFile::bytes).sum();
  }

  /** Something about the whole that is not what it should be. */
  Finding finding(String what, Object expected, Object got) {
    String all = parts.size() == 1 ? what : what + " of all " + parts.size() + " parts";
    return Finding.of(parts.get(0).path(), all, expected, got);
  }

  /** Something at a place of the whole that is not what it should be. */
  Finding at(long offset, String what, Object expected, Object got) {
    long left = offset;
    for (StoredFile part : parts) {
      if (left < part.bytes()) {
        return Finding.at(part.path(), left, what, expected, got);
      }
      left -= part.bytes();
    }
    StoredFile last = parts.get(parts.size() - 1);
    return Finding.at(last.path(), last.bytes() + left, what, expected, got);
  }

  /** Opens the whole at {@code offset}. */
  InputStream stream(long offset) throws IOException {
    int number = 0;
    long left = offset;
    while (number < parts.size() - 1 && left >= parts.get(number).bytes()) {
      left -= parts.get(number++).bytes();
    }
    return new PartsInput(parts, number, left);
  }

  /** Reads one part after another. */
  private static final class PartsInput extends InputStream {
    private final List<StoredFile> parts;
    private int number;
    private long left;
    private InputStream in;

    PartsInput(List<StoredFile> parts, int number, long offset) throws IOException {
      this.parts = parts;
      this.number = number;
      this.left = parts.get(number).bytes() - offset;
      this.in = parts.get(number).stream(offset);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      while (true) {
        int read = in.read(bytes, from, length);
        if (read >= 0) {
          left -= read;
          return read;
        }
        StoredFile part = parts.get(number);
        if (left > 0) {
          // Without this what follows would be taken for what is missing.
          throw new EOFException(
              Finding.of(part.path(), "size", part.bytes(), part.bytes() - left).toString());
        }
        if (number == parts.size() - 1) {
          return -1;
        }
        in.close();
        number++;
        left = parts.get(number).bytes();
        in = parts.get(number).stream();
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
