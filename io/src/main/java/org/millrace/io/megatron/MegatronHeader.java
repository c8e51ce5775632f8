package org.millrace.io.megatron;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/**
 * The first bytes of an {@code .idx}; the grammar is in {@link MegatronIO}.
 *
 * @param dtype the type of the elements in {@code .bin}
 * @param sequences how many there are
 * @param entries how many the document index has
 */
record MegatronHeader(DType dtype, long sequences, long entries) {

  /** The size of a header. */
  static final int BYTES = 34;

  /** Where the number of sequences is. */
  static final int SEQUENCES_AT = 18;

  /** Where the number of entries of the document index is. */
  static final int ENTRIES_AT = 26;

  private static final int VERSION_AT = 9;
  private static final int DTYPE_AT = 17;

  private static final byte[] MAGIC = "MMIDIDX\0\0".getBytes(StandardCharsets.ISO_8859_1);

  // Megatron-DeepSpeed, indexed_dataset.py: the datasets that are called "cached" and "lazy".
  private static final byte[] CACHED_MAGIC = "TNTIDX\0\0".getBytes(StandardCharsets.ISO_8859_1);

  // Megatron-LM, indexed_dataset.py, DType.
  private static final Map<Integer, DType> DTYPES =
      Map.of(
          1, DType.UINT8,
          2, DType.INT8,
          3, DType.INT16,
          4, DType.INT32,
          5, DType.INT64,
          7, DType.FLOAT32,
          8, DType.UINT16);

  private static final String EXPECTED_DTYPE =
      "1 uint8, 2 int8, 3 int16, 4 int32, 5 int64 or 8 uint16";

  /** The header's bytes. */
  byte[] encode() {
    int code =
        DTYPES.entrySet().stream()
            .filter(entry -> entry.getValue() == dtype)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no type of token ids: " + dtype))
            .getKey();
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putLong(1)
        .put((byte) code)
        .putLong(sequences)
        .putLong(entries)
        .array();
  }

  /** Reads the header of an {@code .idx} of token ids. Its counts may be any. */
  static MegatronHeader read(StoredFile file) throws IOException {
    MegatronHeader header = readAny(file);
    if (!header.dtype.isInteger()) {
      throw damaged(file, DTYPE_AT, "code of the element type", EXPECTED_DTYPE, "7" + name(7));
    }
    return header;
  }

  /** Reads the header of an {@code .idx} of token ids, or of other numbers. */
  static MegatronHeader readAny(StoredFile file) throws IOException {
    byte[] bytes;
    try (InputStream in = file.stream()) {
      bytes = in.readNBytes(BYTES);
    }
    checkMagic(file, bytes);
    if (bytes.length < BYTES) {
      throw damaged(file, bytes.length, "size of the header", BYTES, bytes.length);
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long version = header.getLong(VERSION_AT);
    if (version != 1) {
      throw damaged(file, VERSION_AT, "version", 1, Long.toUnsignedString(version));
    }
    int code = bytes[DTYPE_AT] & 0xFF;
    DType dtype = DTYPES.get(code);
    if (dtype == null) {
      throw damaged(file, DTYPE_AT, "code of the element type", EXPECTED_DTYPE, code + name(code));
    }
    return new MegatronHeader(dtype, header.getLong(SEQUENCES_AT), header.getLong(ENTRIES_AT));
  }

  private static String name(int code) {
    return switch (code) {
      case 6 -> " (float64)";
      case 7 -> " (float32 since 2023, float64 before)";
      default -> "";
    };
  }

  private static void checkMagic(StoredFile file, byte[] bytes) throws IOException {
    if (Arrays.equals(Arrays.copyOf(bytes, CACHED_MAGIC.length), CACHED_MAGIC)) {
      String got = "\"TNTIDX\": a dataset of the older kind \"cached\" or \"lazy\", not \"mmap\"";
      throw damaged(file, 0, "magic", "\"MMIDIDX\\0\\0\"", got);
    }
    byte[] magic = Arrays.copyOf(bytes, Math.min(bytes.length, MAGIC.length));
    if (!Arrays.equals(magic, MAGIC)) {
      String got = HexFormat.ofDelimiter(" ").formatHex(magic);
      throw damaged(file, 0, "magic", "\"MMIDIDX\\0\\0\"", got.isEmpty() ? "no bytes" : got);
    }
  }

  private static IOException damaged(
      StoredFile file, long offset, String what, Object expected, Object got) {
    return new IOException(Finding.at(file.path(), offset, what, expected, got).toString());
  }
}
