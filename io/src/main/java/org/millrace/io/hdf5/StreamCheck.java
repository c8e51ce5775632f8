package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.millrace.io.stored.Finding;

/** Makes sure that bytes are the zlib stream of a row, as far as it is asked for. */
final class StreamCheck implements Closeable {

  /** RFC 1950: the lowest four bits of the first byte are 8 for deflate. */
  private static final int DEFLATE_METHOD = 8;

  /** RFC 1950: the first two bytes, as a big-endian number, are a multiple of this. */
  private static final int HEAD_CHECK = 31;

  /** RFC 1950: a preset dictionary, which no chunk has. */
  private static final int HAS_DICTIONARY = 0x20;

  /** Two bytes of head, a block of deflate, four bytes of Adler-32. */
  private static final int MIN_BYTES = 8;

  private final ChunkDecoder decoder;
  private final int rowBytes;
  private final boolean whole;

  /**
   * A check.
   *
   * @param length the tokens in a row
   * @param whole whether to inflate each stream, which ends with the Adler-32 of the row; else only
   *     its size and its head are looked at
   */
  StreamCheck(int length, boolean whole) {
    ChunkShape shape = new ChunkShape(List.of(1, Hdf5IO.LINES, length), Integer.BYTES);
    this.decoder = new ChunkDecoder(new FilterPipeline(List.of(FilterPipeline.DEFLATE)), shape);
    this.rowBytes = shape.bytes();
    this.whole = whole;
  }

  /** The size of a row, before any filter. */
  int rowBytes() {
    return rowBytes;
  }

  /** The most bytes that zlib makes of a row, and more: it stores what it cannot make smaller. */
  static long mostBytes(long rowBytes) {
    return rowBytes + rowBytes / 8 + 64;
  }

  /** Checks the size of a stream, before it is read. */
  void checkBytes(FileBytes file, ChunkTree.Chunk chunk) throws IOException {
    long least = Math.max(MIN_BYTES, rowBytes / ChunkDecoder.MAX_DEFLATE_RATIO);
    if (chunk.bytes() < least || chunk.bytes() > mostBytes(rowBytes)) {
      String expected = least + ".." + mostBytes(rowBytes);
      throw new IOException(
          Finding.at(
                  file.file().path(),
                  chunk.address(),
                  "bytes of a row's zlib stream",
                  expected,
                  chunk.bytes())
              .toString());
    }
  }

  /** Checks a stream. */
  void check(FileBlock stream) throws IOException {
    int head = stream.uint8(0) << Byte.SIZE | stream.uint8(1);
    boolean zlib =
        (stream.uint8(0) & 0x0F) == DEFLATE_METHOD
            && head % HEAD_CHECK == 0
            && (head & HAS_DICTIONARY) == 0;
    if (!zlib) {
      String got = String.format(Locale.ROOT, "0x%04x", head);
      throw stream.unexpected(0, "head of the zlib stream", "one of deflate, as 0x785e", got);
    }
    if (whole) {
      decoder.decode(stream, 0);
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
