package org.millrace.transforms.data;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * A position in a total order: 16 bytes, compared as an unsigned big-endian number.
 *
 * <p>The range of all keys is cut into equal parts by {@link #part}: a shard, a packing bucket.
 * Because the cut is monotone, the concatenation of the parts, each sorted by key, is the same for
 * every number of parts.
 *
 * @param high the first 8 bytes, as an unsigned number
 * @param low the last 8 bytes, as an unsigned number
 */
@DefaultCoder(OrderKey.OrderKeyCoder.class)
public record OrderKey(long high, long low) implements Comparable<OrderKey>, Serializable {

  /** The key's size in bytes. */
  public static final int BYTES = 16;

  /**
   * The first key of interval {@code rank}, when the range of all keys is cut into {@code count}
   * equal intervals, moved on by {@code offset}: a natural position, such as an offset in the file
   * of that rank. {@link #part} gives back {@code rank} when asked for {@code count} parts.
   */
  public static OrderKey natural(long rank, long count, long offset) {
    checkArgument(rank >= 0 && rank < count, "rank must be in 0..%s, was %s", count - 1, rank);
    checkArgument(offset >= 0, "offset must not be negative, was %s", offset);
    // ceil(rank * 2^64 / count): rounding up, so that part(count) does not fall into the interval
    // before.
    long quotient = rank == 0 ? 0 : Long.divideUnsigned(-1L, count);
    long remainder = rank == 0 ? 0 : Long.remainderUnsigned(-1L, count) + 1;
    long high = rank * quotient + (rank * remainder + count - 1) / count;
    return new OrderKey(high, offset);
  }

  /**
   * The number of this key's part when the range of all keys is cut into {@code parts}: floor(high
   * * parts / 2^64).
   */
  public int part(int parts) {
    checkArgument(parts > 0, "parts must be positive, was %s", parts);
    // Java 17 has no unsignedMultiplyHigh; (high >>> 1) * (2 * parts) has the same upper half, but
    // for the lowest bit.
    long halved = Math.multiplyHigh(high >>> 1, (long) parts << 1);
    long low64 = (high >>> 1) * ((long) parts << 1);
    boolean carry = (high & 1) == 1 && Long.compareUnsigned(low64 + parts, low64) < 0;
    return (int) (carry ? halved + 1 : halved);
  }

  @Override
  public int compareTo(OrderKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%016x%016x", high, low);
  }

  /** Writes a key as 16 bytes, big-endian, so that encoded keys compare as keys do. */
  public static final class OrderKeyCoder extends AtomicCoder<OrderKey> {
    private static final OrderKeyCoder INSTANCE = new OrderKeyCoder();

    private OrderKeyCoder() {}

    public static OrderKeyCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(OrderKey.class), INSTANCE);
    }

    @Override
    public void encode(OrderKey key, OutputStream out) throws IOException {
      byte[] bytes = new byte[BYTES];
      ByteBuffer.wrap(bytes).putLong(key.high).putLong(key.low);
      out.write(bytes);
    }

    @Override
    public OrderKey decode(InputStream in) throws IOException {
      byte[] bytes = in.readNBytes(BYTES);
      if (bytes.length < BYTES) {
        throw new EOFException("order key: expected " + BYTES + " bytes, got " + bytes.length);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new OrderKey(buffer.getLong(), buffer.getLong());
    }
  }
}
