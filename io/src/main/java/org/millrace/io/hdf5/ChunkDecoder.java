package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Undoes the filters of chunks. Not for several threads. */
final class ChunkDecoder implements Closeable {

  /** Deflate cannot make data smaller than this part of it. */
  static final long MAX_DEFLATE_RATIO = 1032;

  private final FilterPipeline filters;
  private final ChunkShape shape;
  private final Inflater inflater = new Inflater();

  ChunkDecoder(FilterPipeline filters, ChunkShape shape) {
    this.filters = filters;
    this.shape = shape;
  }

  /** Reads a chunk: its elements. */
  byte[] read(FileBytes file, ChunkTree.Chunk chunk) throws IOException {
    long most = 2L * shape.bytes() + 1024;
    String what = "chunk of " + shape.bytes() + " bytes";
    return decode(
        file.read(chunk.address(), Math.min(chunk.bytes(), most), what), chunk.filterMask());
  }

  /**
   * Undoes the filters of a chunk.
   *
   * @param stored the whole of a buffer's array
   * @param filterMask which filters were left out
   */
  byte[] decode(FileBlock stored, long filterMask) throws IOException {
    byte[] data = stored.data().array();
    for (int step = filters.filters().size() - 1; step >= 0; step--) {
      if (!FilterPipeline.skipped(step, filterMask)) {
        data =
            switch (filters.filters().get(step)) {
              case FilterPipeline.DEFLATE -> inflate(data, bytesBefore(step, filterMask), stored);
              case FilterPipeline.SHUFFLE -> unshuffle(data);
              case FilterPipeline.FLETCHER32 -> withoutChecksum(data, stored);
              default -> throw new IllegalStateException("filter of step " + step);
            };
      }
    }
    stored.expect(0, "bytes without filters", shape.bytes(), data.length);
    return data;
  }

  /** How many bytes went into a step. */
  private int bytesBefore(int step, long filterMask) {
    int checksum = filters.filters().subList(0, step).indexOf(FilterPipeline.FLETCHER32);
    boolean added = checksum >= 0 && !FilterPipeline.skipped(checksum, filterMask);
    return shape.bytes() + (added ? Fletcher32.BYTES : 0);
  }

  private byte[] inflate(byte[] data, int bytes, FileBlock stored) throws IOException {
    if (bytes > MAX_DEFLATE_RATIO * data.length) {
      throw stored.unexpected(0, "zlib stream", "one of " + bytes + " bytes", data.length);
    }
    byte[] inflated = new byte[bytes];
    inflater.reset();
    inflater.setInput(data);
    try {
      int count = 0;
      for (int more = 1; more > 0 && count < bytes; count += more) {
        more = inflater.inflate(inflated, count, bytes - count);
      }
      int behind = inflater.finished() ? 0 : inflater.inflate(new byte[1]);
      if (count < bytes || behind > 0 || !inflater.finished()) {
        String got = count < bytes ? count + " bytes" : behind > 0 ? "more" : "no end";
        throw stored.unexpected(0, "zlib stream", bytes + " bytes", got);
      }
    } catch (DataFormatException e) {
      IOException damaged = stored.unexpected(0, "zlib stream", "a sound one", e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
    stored.expect(0, "bytes behind the zlib stream", 0, inflater.getRemaining());
    return inflated;
  }

  /** Puts the bytes of elements together: all first bytes came first, then all second ones. */
  private byte[] unshuffle(byte[] data) {
    int width = shape.elementBytes();
    int elements = data.length / width;
    byte[] elementwise = data.clone();
    for (int part = 0; part < width; part++) {
      for (int i = 0; i < elements; i++) {
        elementwise[i * width + part] = data[part * elements + i];
      }
    }
    return elementwise;
  }

  private static byte[] withoutChecksum(byte[] data, FileBlock stored) throws IOException {
    if (data.length < Fletcher32.BYTES || !Fletcher32.matches(data)) {
      throw stored.unexpected(0, "fletcher32", "the checksum of the chunk", "another");
    }
    return Arrays.copyOf(data, data.length - Fletcher32.BYTES);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
