package org.millrace.io.document;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Decompresses Parquet's pages. The common codecs are called directly: by way of Hadoop they would
 * load its configuration, look for its native libraries, and log both.
 */
final class ParquetCodecs implements CompressionCodecFactory {

  private @Nullable CodecFactory others;

  /** Decompresses a page. */
  private interface Codec {
    byte[] decompress(BytesInput page, int size) throws IOException;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    return switch (name) {
      case SNAPPY -> new PageDecompressor(ParquetCodecs::snappy);
      case GZIP -> new PageDecompressor(ParquetCodecs::gzip);
      case ZSTD -> new PageDecompressor(ParquetCodecs::zstd);
      case UNCOMPRESSED -> new PageDecompressor((page, size) -> bytes(page));
      case LZ4, LZ4_RAW, LZO, BROTLI -> others().getDecompressor(name);
    };
  }

  private CodecFactory others() {
    if (others == null) {
      others = new CodecFactory(new PlainParquetConfiguration(), 0);
    }
    return others;
  }

  private static byte[] bytes(BytesInput page) throws IOException {
    return page.toInputStream().readAllBytes();
  }

  private static byte[] snappy(BytesInput page, int size) throws IOException {
    byte[] compressed = bytes(page);
    if (Snappy.uncompressedLength(compressed) != size) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "a page of %d bytes, expected %d",
              Snappy.uncompressedLength(compressed),
              size));
    }
    return Snappy.uncompress(compressed);
  }

  private static byte[] gzip(BytesInput page, int size) throws IOException {
    return all(Compression.GZIP.decompress(page.toInputStream()), size);
  }

  private static byte[] zstd(BytesInput page, int size) throws IOException {
    return all(new ZstdInputStreamNoFinalizer(page.toInputStream()), size);
  }

  /** The size is the file's word only, so memory is taken as the bytes come. */
  private static byte[] all(InputStream page, int size) throws IOException {
    try (page) {
      byte[] bytes = page.readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException("a page of " + bytes.length + " bytes, expected " + size);
      }
      return bytes;
    }
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName name) {
    throw new UnsupportedOperationException("pages are only read");
  }

  @Override
  public void release() {
    if (others != null) {
      others.release();
    }
  }

  private record PageDecompressor(Codec codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput page, int size) throws IOException {
      return BytesInput.from(codec.decompress(page, size));
    }

    @Override
    public void decompress(ByteBuffer input, int inputSize, ByteBuffer output, int size)
        throws IOException {
      ByteBuffer page = input.slice().limit(inputSize);
      output.put(codec.decompress(BytesInput.from(page), size));
      input.position(input.position() + inputSize);
    }

    @Override
    public void release() {
      // Holds nothing.
    }
  }
}
