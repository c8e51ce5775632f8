package org.millrace.transforms.hash;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.millrace.transforms.data.OrderKey;

/**
 * The one source of chance: a hash of what is decided, the recipe's seed, and the element's id.
 *
 * <p>{@code SHA-256(purpose || 0x00 || seed as 8 bytes big-endian || UTF-8 of id)}, of which the
 * first 16 bytes are used. The purpose keeps decisions apart: with one hash for both, a sample of a
 * tenth would keep just the lowest tenth of the shuffle's keys.
 *
 * <pre>{@code
 * StableHash shuffle = StableHash.of("shuffle", 17);
 * OrderKey key = shuffle.keyOf("books/moby-dick.txt:0");
 * }</pre>
 */
public final class StableHash implements Serializable {

  private final byte[] prefix;

  private StableHash(byte[] prefix) {
    this.prefix = prefix;
  }

  /**
   * The hash for one kind of decision.
   *
   * @param purpose what is decided, as "sample" or "shuffle"; without NUL characters
   * @param seed the recipe's seed
   */
  public static StableHash of(String purpose, long seed) {
    checkArgument(purpose.indexOf('\0') < 0, "purpose must hold no NUL, was %s", purpose);
    byte[] label = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] prefix = new byte[label.length + 1 + Long.BYTES];
    ByteBuffer.wrap(prefix).put(label).put((byte) 0).putLong(seed);
    return new StableHash(prefix);
  }

  /** The first 16 bytes of the hash of an id. */
  public OrderKey keyOf(String id) {
    MessageDigest sha256 = sha256();
    sha256.update(prefix);
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest(id.getBytes(StandardCharsets.UTF_8)));
    return new OrderKey(digest.getLong(), digest.getLong());
  }

  /**
   * Whether an id falls into a share of all ids: {@code top64(hash) < rate * 2^64}. The ids of a
   * smaller share are among those of a larger one.
   *
   * @param rate the share, 0 to 1
   */
  public boolean selects(String id, double rate) {
    checkArgument(rate >= 0 && rate <= 1, "rate must be in 0..1, was %s", rate);
    double limit = Math.scalb(rate, 64);
    long high = keyOf(id).high();
    // A double from 2^63 on is an integer; below that, rounding up gives the same comparison with
    // an integer.
    return limit >= 0x1p64
        || Long.compareUnsigned(
                high,
                limit < 0x1p63 ? (long) Math.ceil(limit) : (long) (limit - 0x1p63) + Long.MIN_VALUE)
            < 0;
  }

  /** A digest for SHA-256, which every Java platform has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
