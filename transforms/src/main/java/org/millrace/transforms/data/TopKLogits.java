package org.millrace.transforms.data;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * What a teacher expects behind each of some positions of a sequence: the {@code k} most probable
 * tokens, and how probable each of them and all the others together are.
 *
 * <p>Ids are {@code [positions, k]}, the most probable first. Values are {@code [positions, k +
 * 1]}, the last of each row for the rest of the vocabulary: half-precision probabilities, or their
 * logarithms.
 */
@DefaultCoder(TopKLogits.TopKLogitsCoder.class)
public final class TopKLogits implements Serializable {

  private final int k;
  private final TokenIds ids;
  private final short[] values;

  private TopKLogits(int k, TokenIds ids, short[] values) {
    this.k = k;
    this.ids = ids;
    this.values = values;
  }

  /**
   * Of ids and values, row after row; the arrays are not copied: the caller must not change them
   * from here on.
   *
   * @param k the ids of a position, 1 or more
   * @param values in half precision, as {@link Half#of} gives them
   */
  public static TopKLogits wrap(int k, int[] ids, short[] values) {
    checkArgument(k > 0, "k must be 1 or more, was %s", k);
    checkArgument(
        ids.length % k == 0 && values.length == ids.length / k * (k + 1),
        "%s ids and %s values are not [positions, %s] and [positions, %s]",
        ids.length,
        values.length,
        k,
        k + 1);
    return new TopKLogits(k, TokenIds.wrap(ids), values);
  }

  /** How many positions there are. */
  public int positions() {
    return ids.length() / k;
  }

  /** The number of ids for each position. */
  public int k() {
    return k;
  }

  /** The ids, row after row. */
  public TokenIds ids() {
    return ids;
  }

  /** The value of the id at {@code rank} of a position; that of all other ids at rank k. */
  public double value(int position, int rank) {
    return Half.value(values[position * (k + 1) + rank]);
  }

  /** Appends the values, row after row, to {@code target} in its byte order, 2 bytes each. */
  public void putValues(ByteBuffer target) {
    target.asShortBuffer().put(values);
    target.position(target.position() + Short.BYTES * values.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopKLogits that
        && k == that.k
        && ids.equals(that.ids)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * ids.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "[" + positions() + ", " + k + "]: " + ids;
  }

  /** Writes k, the ids, and the values of 2 bytes, little-endian. */
  public static final class TopKLogitsCoder extends AtomicCoder<TopKLogits> {
    private static final TopKLogitsCoder INSTANCE = new TopKLogitsCoder();

    private TopKLogitsCoder() {}

    public static TopKLogitsCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(TopKLogits.class), INSTANCE);
    }

    @Override
    public void encode(TopKLogits logits, OutputStream out) throws IOException {
      VarInt.encode(logits.k, out);
      TokenIds.TokenIdsCoder.of().encode(logits.ids, out);
      byte[] bytes = new byte[Short.BYTES * logits.values.length];
      logits.putValues(littleEndian(bytes));
      out.write(bytes);
    }

    @Override
    public TopKLogits decode(InputStream in) throws IOException {
      int k = VarInt.decodeInt(in);
      TokenIds ids = TokenIds.TokenIdsCoder.of().decode(in);
      short[] values = new short[ids.length() / k * (k + 1)];
      byte[] bytes = in.readNBytes(Short.BYTES * values.length);
      if (bytes.length < Short.BYTES * values.length) {
        throw new EOFException("logits: the stream ended before all " + values.length + " values");
      }
      littleEndian(bytes).asShortBuffer().get(values);
      return new TopKLogits(k, ids, values);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
