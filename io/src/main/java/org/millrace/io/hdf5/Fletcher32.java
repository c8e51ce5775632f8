package org.millrace.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum that HDF5 puts behind chunks: over big-endian words of 2 bytes, the sum of the words
 * and the sum of those sums, each modulo 65,535 with 65,535 in the place of 0.
 */
final class Fletcher32 {

  /** The size of the checksum. */
  static final int BYTES = 4;

  private static final int MODULUS = 0xFFFF;

  private Fletcher32() {}

  /** Whether data ends with its checksum. */
  static boolean matches(byte[] data) {
    int length = data.length - BYTES;
    long sum = 0;
    long sumOfSums = 0;
    for (int i = 0; i < length; i += 2) {
      int low = i + 1 < length ? data[i + 1] & 0xFF : 0;
      sum = folded(sum + ((data[i] & 0xFF) << Byte.SIZE | low));
      sumOfSums = folded(sumOfSums + sum);
    }
    int checksum = (int) (sumOfSums << Short.SIZE | sum);
    int stored = ByteBuffer.wrap(data, length, BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt();
    // The library before 1.6.3 changed the bytes of each half on little-endian machines.
    int swapped = Integer.rotateLeft(Integer.reverseBytes(stored), Short.SIZE);
    return checksum == stored || checksum == swapped;
  }

  /** Modulo 65,535, where only 0 itself gives 0. */
  private static long folded(long value) {
    return value > MODULUS ? value - MODULUS : value;
  }
}
