package org.millrace.transforms.hash;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.Objects;
import org.millrace.transforms.data.OrderKey;

/**
 * An order by chance of the numbers 0 to n - 1, which takes no memory: the place of a number is
 * computed from it alone.
 *
 * <p>A Feistel network over the smallest even number of bits that holds n; what falls outside of n
 * goes through it again, until it is inside.
 *
 * <p>Determinism: depends on n and the key alone.
 *
 * <pre>{@code
 * KeyedPermutation order = KeyedPermutation.of(windows, StableHash.of("window", seed).keyOf(path));
 * boolean chosen = order.placeOf(window) < wanted;
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1007/3-540-45760-7_9">Black and Rogaway, Ciphers with arbitrary
 *     finite domains</a>
 */
public final class KeyedPermutation {

  // Black and Rogaway prove three enough for strong keys; more even out small ranges.
  private static final int ROUNDS = 6;

  // SplitMix64: the golden ratio's fraction, and the two multipliers of its last step.
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;
  private static final long MIX_1 = 0xBF58_476D_1CE4_E5B9L;
  private static final long MIX_2 = 0x94D0_49BB_1331_11EBL;

  private final long size;
  private final OrderKey key;
  private final int halfBits;

  private KeyedPermutation(long size, OrderKey key) {
    this.size = size;
    this.key = key;
    this.halfBits = Math.max(1, (64 - Long.numberOfLeadingZeros(Math.max(1, size - 1)) + 1) / 2);
  }

  /**
   * The order of a key.
   *
   * @param size n, up to 2^62
   */
  public static KeyedPermutation of(long size, OrderKey key) {
    checkArgument(size >= 0 && size <= 1L << 62, "size must be in 0..2^62, was %s", size);
    return new KeyedPermutation(size, key);
  }

  /** The place of a number, 0 to n - 1; no two have the same. */
  public long placeOf(long number) {
    long place = Objects.checkIndex(number, size);
    do {
      place = encrypt(place);
    } while (place >= size);
    return place;
  }

  private long encrypt(long value) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (mixed(right, round) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private long mixed(long half, int round) {
    long z = mix(half + key.high() + (round + 1) * GAMMA);
    return mix(z ^ key.low());
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * MIX_1;
    z = (z ^ z >>> 27) * MIX_2;
    return z ^ z >>> 31;
  }
}
