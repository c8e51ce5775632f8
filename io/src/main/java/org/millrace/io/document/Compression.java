package org.millrace.io.document;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** The ways in which a file can be compressed as a whole, told by its name and its first bytes. */
enum Compression {
  NONE("", ""),
  /** RFC 1952, any number of members. */
  GZIP(".gz", "\u001F\u008B"),
  /** RFC 8878, any number of frames, windows of up to 128 MiB (the library's own limit). */
  ZSTD(".zst", "(\u00B5/\u00FD"),
  /** Any number of streams. */
  BZIP2(".bz2", "BZh"),
  /** Any number of streams. */
  XZ(".xz", "\u00FD7zXZ\u0000");

  /** The most bytes that {@link #ofContent} looks at. */
  static final int HEAD_BYTES = 16;

  private static final int BUFFER_BYTES = 1 << 16;

  /** Four times of what {@code xz -9} asks for. */
  private static final int XZ_MEMORY_KIB = 256 << 10;

  private final String suffix;
  private final String magic;

  Compression(String suffix, String magic) {
    this.suffix = suffix;
    this.magic = magic;
  }

  /** What a file's name says. */
  static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(c -> c != NONE && lower.endsWith(c.suffix))
        .findFirst()
        .orElse(NONE);
  }

  /** What a file's first bytes say. */
  static Compression ofContent(byte[] head) {
    for (Compression compression : values()) {
      if (compression != NONE && compression.begins(head)) {
        return compression;
      }
    }
    return isSkippableFrame(head) ? ZSTD : NONE;
  }

  private boolean begins(byte[] head) {
    return new String(head, StandardCharsets.ISO_8859_1).startsWith(magic)
        && (this != BZIP2 || isBzip2(head));
  }

  /** "BZh" alone could begin a text; a digit and the magic of a block or of the end follow it. */
  private static boolean isBzip2(byte[] head) {
    return head.length >= 5
        && head[3] >= '1'
        && head[3] <= '9'
        && (head[4] == 0x31 || head[4] == 0x17);
  }

  /** RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian. */
  private static boolean isSkippableFrame(byte[] head) {
    return head.length >= 4
        && (head[0] & 0xF0) == 0x50
        && head[1] == 0x2A
        && head[2] == 0x4D
        && head[3] == 0x18;
  }

  /** The end of names of files that are compressed so. */
  String suffix() {
    return suffix;
  }

  /** The decompressed bytes of {@code raw}, of all its members, frames or streams. */
  InputStream decompress(InputStream raw) throws IOException {
    return switch (this) {
      case NONE -> raw;
      case GZIP ->
          GzipCompressorInputStream.builder()
              .setInputStream(new BufferedInputStream(raw, BUFFER_BYTES))
              .setDecompressConcatenated(true)
              .get();
      case ZSTD -> new ZstdFrames(raw);
      case BZIP2 ->
          new BZip2CompressorInputStream(new BufferedInputStream(raw, BUFFER_BYTES), true);
      case XZ -> new XZInputStream(new BufferedInputStream(raw, BUFFER_BYTES), XZ_MEMORY_KIB);
    };
  }
}
