package org.millrace.io.mds;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/**
 * How a shard is compressed: as a whole, to a blob of its family.
 *
 * @param family the kind of blob
 * @param level one of the family's levels
 */
record Compression(Family family, int level) {

  private static final int BUFFER_BYTES = 1 << 18;

  // brotli4j 1.24 loses the end of a stream, and says nothing, where one buffer holds more than a
  // block of the encoder; blocks are smallest, of 2^14 bytes, at the levels 2 and 3.
  private static final int BROTLI_BUFFER_BYTES = 1 << 14;

  /**
   * The kinds of compression, with the levels that streaming allows and takes where none is said.
   */
  enum Family {
    BR(0, 11, 11),
    BZ2(1, 9, 9),
    GZ(0, 9, 9),
    /** The raw block, without the framing of a stream. */
    SNAPPY(0, -1, 0),
    /** One frame that says the size of its content. */
    ZSTD(1, 22, 3);

    private final int min;
    private final int max;
    private final int standard;

    Family(int min, int max, int standard) {
      this.min = min;
      this.max = max;
      this.standard = standard;
    }

    /** What the name of a shard has behind ".mds", as ".zstd". */
    String suffix() {
      return "." + label();
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The family that a file's name tells, if one. */
    static Optional<Family> ofFileName(String name) {
      return Arrays.stream(values()).filter(each -> name.endsWith(each.suffix())).findFirst();
    }
  }

  /**
   * Reads what a config says.
   *
   * @param text "zstd", "zstd:7" and so on
   */
  static Compression parse(String text) {
    int colon = text.indexOf(':');
    String label = colon < 0 ? text : text.substring(0, colon);
    for (Family family : Family.values()) {
      if (family.label().equals(label)) {
        if (colon < 0) {
          return new Compression(family, family.standard);
        }
        String level = text.substring(colon + 1);
        if (level.matches("0|[1-9][0-9]?")
            && Integer.parseInt(level) >= family.min
            && Integer.parseInt(level) <= family.max) {
          return new Compression(family, Integer.parseInt(level));
        }
      }
    }
    throw new IllegalArgumentException(
        "compression: expected none, br[:0-11], bz2[:1-9], gz[:0-9], snappy or zstd[:1-22], got "
            + text);
  }

  /** Compresses a file to a new one. */
  void compress(Path raw, Path zip) throws IOException {
    switch (family) {
      case SNAPPY -> SnappyBlock.compress(raw, zip);
      case ZSTD -> ZstdFrame.compress(raw, zip, level);
      case BR, BZ2, GZ -> {
        try (InputStream in = Files.newInputStream(raw);
            OutputStream out = encoder(Files.newOutputStream(zip))) {
          byte[] buffer = new byte[BUFFER_BYTES];
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
          }
        }
      }
    }
  }

  private OutputStream encoder(OutputStream out) throws IOException {
    return switch (family) {
      case BR -> {
        Brotli4jLoader.ensureAvailability();
        var parameters = new Encoder.Parameters().setQuality(level);
        yield new BrotliOutputStream(out, parameters, BROTLI_BUFFER_BYTES);
      }
      case BZ2 -> new BZip2CompressorOutputStream(out, level);
      case GZ -> new Gzip(out, level);
      case SNAPPY, ZSTD -> throw new IllegalStateException("not a stream: " + family);
    };
  }

  /** Java's gzip has no level; the header has neither time nor name. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out, int level) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(level);
    }
  }

  /**
   * Decompresses a file to a new one.
   *
   * @param limit the most bytes that come of it
   * @param name of the file, for errors
   */
  static void decompress(Family family, InputStream zip, Path raw, long limit, String name)
      throws IOException {
    try {
      long bytes =
          family == Family.SNAPPY
              ? SnappyBlock.decompress(zip, raw, limit)
              : decompressStream(family, zip, raw, limit);
      if (bytes == 0) {
        throw new IOException("expected a shard, got no bytes");
      }
      // Decompressors fail on damaged input with unchecked exceptions too.
    } catch (IOException | RuntimeException e) {
      throw new IOException(name + ": cannot be decompressed: " + e.getMessage(), e);
    }
  }

  private static long decompressStream(Family family, InputStream zip, Path raw, long limit)
      throws IOException {
    long total = 0;
    try (InputStream in = decoder(family, new BufferedInputStream(zip, BUFFER_BYTES));
        OutputStream out = Files.newOutputStream(raw)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
        if (total > limit) {
          throw new IOException("expected at most " + limit + " bytes, got more");
        }
        out.write(buffer, 0, read);
      }
    }
    return total;
  }

  private static InputStream decoder(Family family, InputStream in) throws IOException {
    return switch (family) {
      case BR -> {
        Brotli4jLoader.ensureAvailability();
        yield new BrotliInputStream(in, BUFFER_BYTES);
      }
      case BZ2 -> new BZip2CompressorInputStream(in, true);
      case GZ -> new GZIPInputStream(in, BUFFER_BYTES);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in);
      case SNAPPY -> throw new IllegalStateException("not a stream: " + family);
    };
  }
}
