package org.millrace.transforms.mix;

import java.io.Serializable;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.hash.KeyedPermutation;
import org.millrace.transforms.hash.StableHash;

/**
 * Where the samples of one source stand in a mixture, each as often as it is taken.
 *
 * <p>The samples of an epoch come in an order by chance, and each epoch is complete before the next
 * begins. No two epochs have the same order, but a sample stays in its half of the epoch: from one
 * time to the next there is at least half an epoch. What is cut is cut from this order, so that
 * chance decides which samples are left out.
 *
 * <p>The {@code k}-th of the {@code n} that the source gives stands at {@code (k + u) / n} of the
 * whole, with {@code u} by chance in 1/4..3/4. So of the first part {@code p} of the mixture {@code
 * n * p} are from this source, give or take 3/4.
 */
final class SourceOrder implements Serializable {

  /** A quarter of 2^64. */
  private static final long QUARTER = 1L << 62;

  private final long seed;
  private final String name;
  private final long available;
  private final long samples;
  private final OrderKey order;
  private final StableHash place;

  SourceOrder(Mixture.Part part, long seed) {
    this.seed = seed;
    this.name = part.source().name();
    this.available = part.source().available();
    this.samples = part.samples();
    this.order = orderKey(name);
    this.place = StableHash.of("mix-place", seed);
  }

  private OrderKey orderKey(String what) {
    return StableHash.of("mix-order", seed).keyOf(what);
  }

  /** How often a sample may be taken at most; it may be once less. */
  long mostTimes() {
    return available == 0 ? 0 : (samples + available - 1) / available;
  }

  /**
   * The number of a sample among all that the source gives, or -1 where it is not taken that often.
   *
   * @param number the sample's among those of the source
   * @param repeat 0 for the first time
   */
  long rank(long number, long repeat) {
    long rank = Math.addExact(Math.multiplyExact(repeat, available), inEpoch(number, repeat));
    return rank < samples ? rank : -1;
  }

  private long inEpoch(long number, long repeat) {
    long place = KeyedPermutation.of(available, order).placeOf(number);
    if (repeat == 0) {
      return place;
    }
    OrderKey again = orderKey(name + "\0" + repeat);
    long half = available / 2;
    return place < half
        ? KeyedPermutation.of(half, again).placeOf(place)
        : half + KeyedPermutation.of(available - half, again).placeOf(place - half);
  }

  /** The key of a place. */
  OrderKey key(long rank, String id) {
    OrderKey chance = place.keyOf(id);
    OrderKey begin = OrderKey.natural(rank, samples, 0);
    // In 1/4..3/4 of 2^64, then of the samples-th part of all keys.
    long within = QUARTER + (chance.high() >>> 1);
    long width = Long.divideUnsigned(-1L, samples);
    return new OrderKey(begin.high() + timesHigh(within, width), chance.low());
  }

  /** The upper half of the product of two unsigned numbers. */
  private static long timesHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
