package org.millrace.io.megatron;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.millrace.io.stored.StoredFile;

/** An {@code .idx} made by hand, right or wrong. */
record IndexBytes(int dtype, int[] lengths, long[] pointers, long[] documents, byte[] rest) {

  /** One of uint16 that is right. */
  static IndexBytes of(int... lengths) {
    long[] pointers = new long[lengths.length];
    long[] documents = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      pointers[i] = i == 0 ? 0 : pointers[i - 1] + 2 * lengths[i - 1];
      documents[i + 1] = i + 1;
    }
    return new IndexBytes(8, lengths, pointers, documents, new byte[0]);
  }

  IndexBytes withDtype(int code) {
    return new IndexBytes(code, lengths, pointers, documents, rest);
  }

  IndexBytes withPointers(long... pointers) {
    return new IndexBytes(dtype, lengths, pointers, documents, rest);
  }

  IndexBytes withDocuments(long... documents) {
    return new IndexBytes(dtype, lengths, pointers, documents, rest);
  }

  IndexBytes withRest(byte... rest) {
    return new IndexBytes(dtype, lengths, pointers, documents, rest);
  }

  byte[] bytes() {
    int size = 34 + 4 * lengths.length + 8 * (pointers.length + documents.length) + rest.length;
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put("MMIDIDX\0\0".getBytes(StandardCharsets.ISO_8859_1)).putLong(1).put((byte) dtype);
    buffer.putLong(lengths.length).putLong(documents.length);
    for (int length : lengths) {
      buffer.putInt(length);
    }
    for (long pointer : pointers) {
      buffer.putLong(pointer);
    }
    for (long entry : documents) {
      buffer.putLong(entry);
    }
    return buffer.put(rest).array();
  }

  /** Writes the index, and a {@code .bin} of so many bytes: ids 0, 1, 2 and so on in uint16. */
  List<StoredFile> pair(Path stem, int binBytes) throws IOException {
    return pair(bytes(), stem, binBytes);
  }

  static List<StoredFile> pair(byte[] idx, Path stem, int binBytes) throws IOException {
    byte[] bin = new byte[binBytes];
    for (int i = 0; i < binBytes; i += 2) {
      bin[i] = (byte) (i / 2);
    }
    Files.write(Pairs.with(stem, ".idx"), idx);
    Files.write(Pairs.with(stem, ".bin"), bin);
    return Pairs.stored(stem);
  }
}
