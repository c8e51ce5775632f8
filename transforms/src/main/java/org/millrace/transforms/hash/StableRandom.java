package org.millrace.transforms.hash;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import org.millrace.transforms.data.OrderKey;

/**
 * A stream of numbers by chance that depends on a key and the number of the stream alone: several
 * decisions about one element, and about each of its parts apart from the others.
 *
 * <p>It is SplitMix64: number i of a stream is a hash of where the stream begins plus i times a
 * constant. So no stream takes its numbers from where another one stopped.
 *
 * <pre>{@code
 * StableRandom random = StableRandom.of(StableHash.of("fim", 17).keyOf("3/128#1"), segment);
 * boolean permuted = random.chance(0.9);
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood: Fast splittable
 *     pseudorandom number generators</a>, 2014
 */
public final class StableRandom {

  /** The golden ratio's fraction in 64 bits, odd: SplitMix64's step. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  private StableRandom(long state) {
    this.state = state;
  }

  /**
   * A stream.
   *
   * @param key of what is decided about, as {@link StableHash} makes it
   * @param number of the stream
   */
  public static StableRandom of(OrderKey key, long number) {
    return new StableRandom(mix(key.high() ^ mix(key.low() + STEP * (number + 1))));
  }

  private static long mix(long bits) {
    // SplitMix64's finalizer: variant 13 of Stafford's mixers.
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private long next() {
    state += STEP;
    return mix(state);
  }

  /** True with this probability, 0 to 1. */
  public boolean chance(double probability) {
    checkArgument(
        probability >= 0 && probability <= 1, "probability must be in 0..1, was %s", probability);
    // 53 bits, as many as a double in 0..1 holds.
    return (next() >>> 11) * 0x1p-53 < probability;
  }

  /** A number from 0 up to {@code last}, which is one of them, all with the same probability. */
  public int upTo(int last) {
    checkArgument(last >= 0, "last must not be negative, was %s", last);
    long count = last + 1L;
    // The upper half of a product; of its lower halves as many as make some numbers likelier are
    // drawn again (Lemire, Fast random integer generation in an interval, 2019).
    long drawn = (next() >>> 32) * count;
    for (long unfair = (1L << 32) % count; (drawn & 0xFFFFFFFFL) < unfair; ) {
      drawn = (next() >>> 32) * count;
    }
    return (int) (drawn >>> 32);
  }
}
