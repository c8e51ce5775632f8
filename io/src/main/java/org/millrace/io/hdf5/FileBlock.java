package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.millrace.io.stored.Finding;

/**
 * A part of a file, little-endian. It is not trusted: whatever is read from it must lie in it.
 *
 * @param path the file's
 * @param address its offset in the file
 * @param what it is, for errors
 * @param data its bytes, from position 0 to the limit
 */
record FileBlock(String path, long address, String what, ByteBuffer data) {

  FileBlock {
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int length() {
    return data.limit();
  }

  int uint8(int at) throws IOException {
    return data.get(checked(at, Byte.BYTES)) & 0xFF;
  }

  int uint16(int at) throws IOException {
    return data.getShort(checked(at, Short.BYTES)) & 0xFFFF;
  }

  long uint32(int at) throws IOException {
    return data.getInt(checked(at, Integer.BYTES)) & 0xFFFF_FFFFL;
  }

  /** A number of 8 bytes; those from 2^63 on are negative: nothing is that large. */
  long int64(int at) throws IOException {
    return data.getLong(checked(at, Long.BYTES));
  }

  /** A part of the part. */
  FileBlock part(int from, int length) throws IOException {
    return new FileBlock(path, address + from, what, data.slice(checked(from, length), length));
  }

  /** Makes sure that a number is what it must be. */
  void expect(int at, String field, long expected, long got) throws IOException {
    if (expected != got) {
      throw unexpected(at, field, expected, got);
    }
  }

  /** Makes sure that four letters stand at the begin. */
  void expectSignature(String signature) throws IOException {
    for (int i = 0; i < signature.length(); i++) {
      if (uint8(i) != signature.charAt(i)) {
        throw unexpected(0, "signature", signature, String.format("0x%08x", data.getInt(0)));
      }
    }
  }

  /** The error that something in it is not what it must be. */
  IOException unexpected(int at, String field, Object expected, Object got) {
    return new IOException(
        Finding.at(path, address + at, what + ": " + field, expected, got).toString());
  }

  private int checked(int at, int bytes) throws IOException {
    if (at < 0 || bytes < 0 || bytes > length() - at) {
      throw unexpected(0, "size", "at least " + ((long) at + bytes) + " bytes", length());
    }
    return at;
  }
}
