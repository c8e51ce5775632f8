package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.millrace.transforms.data.BadRecord;

/**
 * Cuts a stream into lines, each ended by LF or by the end of the stream.
 *
 * <p>The bytes of a line are valid until the next call. Of a line longer than the limit only the
 * beginning is kept; the rest passes by.
 */
final class LineReader {

  private static final int BUFFER_BYTES = 1 << 16;

  /** A longer buffer is given back when its line is done. */
  private static final int RETAINED_BYTES = 4 << 20;

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bufferOffset;
  private int position;
  private int filled;

  private byte[] spill = new byte[BUFFER_BYTES];
  private byte[] bytes;
  private int from;
  private int length;
  private long offset;
  private long size;

  /**
   * Lines of a stream.
   *
   * @param offset the place of the stream's first byte in the file
   * @param limit the most bytes that a line may have
   */
  LineReader(InputStream in, long offset, int limit) {
    this.in = in;
    this.bufferOffset = offset;
    this.limit = limit;
  }

  /** Where the next line begins, if there is one. */
  long nextOffset() {
    return bufferOffset + position;
  }

  /** Moves behind the next LF. Returns false, and stops, where there is none before {@code end}. */
  boolean skipLine(long end) throws IOException {
    while (nextOffset() < end) {
      int newline = newline();
      if (newline >= 0) {
        position = newline + 1;
        return true;
      }
      position = filled;
      if (!fill()) {
        return false;
      }
    }
    return false;
  }

  /** Reads a line. Returns false at the end. */
  boolean next() throws IOException {
    offset = nextOffset();
    size = 0;
    if (spill.length > RETAINED_BYTES) {
      spill = new byte[BUFFER_BYTES];
    }
    int newline = newline();
    while (newline < 0) {
      append(filled);
      if (!fill()) {
        expose(spill, 0);
        return size > 0;
      }
      newline = newline();
    }
    if (size == 0) {
      size = (long) newline - position;
      expose(buffer, position);
    } else {
      append(newline);
      expose(spill, 0);
    }
    position = newline + 1;
    return true;
  }

  private void expose(byte[] array, int start) {
    bytes = array;
    from = start;
    length = (int) (size > limit ? Math.min(size, BadRecord.RECORD_LIMIT) : size);
  }

  private void append(int end) {
    int count = end - position;
    if (size <= limit && size + count <= limit) {
      int needed = (int) size + count;
      if (needed > spill.length) {
        spill = Arrays.copyOf(spill, (int) Math.min(limit, Math.max(needed, 2L * spill.length)));
      }
      System.arraycopy(buffer, position, spill, (int) size, count);
    } else if (size < BadRecord.RECORD_LIMIT) {
      int kept = (int) Math.min(count, BadRecord.RECORD_LIMIT - size);
      System.arraycopy(buffer, position, spill, (int) size, kept);
    } else if (spill.length > RETAINED_BYTES) {
      spill = Arrays.copyOf(spill, BadRecord.RECORD_LIMIT);
    }
    size += count;
    position = end;
  }

  private int newline() {
    return ByteSearch.indexOf(buffer, position, filled, (byte) '\n');
  }

  private boolean fill() throws IOException {
    bufferOffset += filled;
    position = 0;
    filled = 0;
    filled = Math.max(0, in.read(buffer, 0, buffer.length));
    return filled > 0;
  }

  /** The array in which the line's bytes stand, from {@link #from} on. */
  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  /** How many of the line's bytes are kept: all, unless the line is {@link #tooLong}. */
  int length() {
    return length;
  }

  /** Where the line begins in the file. */
  long offset() {
    return offset;
  }

  /** The line's length in bytes. */
  long size() {
    return size;
  }

  boolean tooLong() {
    return size > limit;
  }
}
