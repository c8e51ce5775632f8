package org.millrace.io.stored;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.millrace.transforms.data.TokenIds;

/**
 * A digest of the token ids of samples in their order. Those of two parts make that of the whole,
 * however it is cut, so that equal datasets have equal digests in every format.
 *
 * <p>It finds errors, not forgeries: a polynomial modulo 2^64 over the ids, and a mark behind each
 * sample.
 *
 * @param tokens the number of ids
 * @param hash the polynomial's value
 * @param power the polynomial's base to the number of terms
 */
public record TokenDigest(long tokens, long hash, long power) {

  /** Of no samples. */
  public static final TokenDigest EMPTY = new TokenDigest(0, 0, 1);

  // Odd, so that no power of it is 0: the first 64 bits of the golden ratio's fraction.
  private static final long BASE = 0x9E37_79B9_7F4A_7C15L;

  // Spreads ids over all bits, as the last step of SplitMix64 does.
  private static final long SPREAD = 0xBF58_476D_1CE4_E5B9L;

  private static final long END_OF_SAMPLE = -1;

  /** With the digest of what follows. */
  public TokenDigest then(TokenDigest next) {
    return new TokenDigest(tokens + next.tokens, hash * next.power + next.hash, power * next.power);
  }

  /** Takes samples in; not for several threads. */
  public static final class Builder {
    private long tokens;
    private long hash;
    private long power = 1;

    /** Takes the next id of a sample. */
    public void add(long id) {
      tokens++;
      term(id);
    }

    /** Marks the end of a sample. */
    public void endSample() {
      term(END_OF_SAMPLE);
    }

    /** Takes a whole sample. */
    public void addSample(TokenIds ids) {
      // In local variables, which stay in registers.
      long sum = hash;
      long factor = power;
      for (int i = 0; i < ids.length(); i++) {
        sum = sum * BASE + spread(ids.get(i));
        factor *= BASE;
      }
      hash = sum;
      power = factor;
      tokens += ids.length();
      endSample();
    }

    /**
     * Takes bytes that are no token ids: their number, then themselves, 8 at a time.
     *
     * @param bytes little-endian, from position to limit
     */
    public void addBytes(ByteBuffer bytes) {
      ByteBuffer left = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      add(left.remaining());
      while (left.remaining() >= Long.BYTES) {
        add(left.getLong());
      }
      long rest = 0;
      for (int shift = 0; left.hasRemaining(); shift += Byte.SIZE) {
        rest |= (left.get() & 0xFFL) << shift;
      }
      add(rest);
    }

    private void term(long value) {
      hash = hash * BASE + spread(value);
      power *= BASE;
    }

    private static long spread(long value) {
      long spread = (value + 1) * SPREAD;
      return (spread ^ (spread >>> 29)) + 1;
    }

    /** Of all that was taken. */
    public TokenDigest build() {
      return new TokenDigest(tokens, hash, power);
    }
  }
}
