package org.millrace.io.mds;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.xerial.snappy.Snappy;

/**
 * A raw block of snappy: it can only be made and undone as a whole, so the files are mapped, and
 * the heap stays small.
 */
final class SnappyBlock {

  // What a block can at worst grow to must have a size below 2^31: snappy.cc, MaxCompressedLength.
  private static final long MAX_RAW_BYTES = (Integer.MAX_VALUE - 32L) / 7 * 6;

  // An element of a block gives at most 64 bytes for 3.
  private static final int MAX_RATIO = 22;

  private SnappyBlock() {}

  static void compress(Path raw, Path zip) throws IOException {
    try (FileChannel in = FileChannel.open(raw, StandardOpenOption.READ);
        FileChannel out = newFile(zip)) {
      if (in.size() > MAX_RAW_BYTES) {
        throw new IOException(
            "snappy: expected a shard of at most "
                + MAX_RAW_BYTES
                + " bytes, got "
                + in.size()
                + "; a lower size limit helps");
      }
      ByteBuffer source = in.map(MapMode.READ_ONLY, 0, in.size());
      int most = Snappy.maxCompressedLength((int) in.size());
      ByteBuffer target = out.map(MapMode.READ_WRITE, 0, most);
      out.truncate(Snappy.compress(source, target));
    }
  }

  /** Decompresses to a file, and gives its size; see {@link Compression#decompress}. */
  static long decompress(InputStream zip, Path raw, long limit) throws IOException {
    Path copy = Files.createTempFile("millrace-mds-", ".snappy");
    try {
      Files.copy(zip, copy, StandardCopyOption.REPLACE_EXISTING);
      return decompress(copy, raw, limit);
    } finally {
      Files.delete(copy);
    }
  }

  private static long decompress(Path zip, Path raw, long limit) throws IOException {
    try (FileChannel in = FileChannel.open(zip, StandardOpenOption.READ);
        FileChannel out = newFile(raw)) {
      if (in.size() == 0 || in.size() > Integer.MAX_VALUE) {
        throw new IOException("expected a block of 1 to 2^31 - 1 bytes, got " + in.size());
      }
      ByteBuffer source = in.map(MapMode.READ_ONLY, 0, in.size());
      long size = Snappy.uncompressedLength(source.duplicate());
      long most = Math.min(limit, MAX_RATIO * in.size());
      if (size < 0 || size > most) {
        throw new IOException(
            "offset 0: size: expected at most "
                + most
                + ", got "
                + Integer.toUnsignedString((int) size));
      }
      ByteBuffer target = out.map(MapMode.READ_WRITE, 0, size);
      if (!Snappy.isValidCompressedBuffer(source) || Snappy.uncompress(source, target) != size) {
        throw new IOException("expected a block of snappy, got other bytes");
      }
      return size;
    }
  }

  private static FileChannel newFile(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
