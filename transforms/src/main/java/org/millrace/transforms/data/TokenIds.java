package org.millrace.transforms.data;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/** An immutable sequence of token ids, each of them 0 or more. */
@DefaultCoder(TokenIds.TokenIdsCoder.class)
public final class TokenIds implements Serializable {

  private static final TokenIds EMPTY = new TokenIds(new int[0], 0, 0);

  private final int[] ids;
  private final int from;
  private final int length;

  private TokenIds(int[] ids, int from, int length) {
    this.ids = ids;
    this.from = from;
    this.length = length;
  }

  /** The ids given, copied. */
  public static TokenIds of(int... ids) {
    return ids.length == 0 ? EMPTY : wrap(ids.clone());
  }

  /** The ids given, not copied: the caller must not change the array from here on. */
  public static TokenIds wrap(int[] ids) {
    int all = 0;
    for (int id : ids) {
      all |= id;
    }
    for (int i = 0; all < 0 && i < ids.length; i++) {
      checkArgument(ids[i] >= 0, "a token id must not be negative, was %s", ids[i]);
    }
    return new TokenIds(ids, 0, ids.length);
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** The id at {@code index}. */
  public int get(int index) {
    return ids[from + Objects.checkIndex(index, length)];
  }

  /**
   * The ids from {@code start} up to {@code end}, which is left out. Shares the memory of this
   * sequence.
   */
  public TokenIds slice(int start, int end) {
    Objects.checkFromToIndex(start, end, length);
    return new TokenIds(ids, from + start, end - start);
  }

  /** The largest id, or -1 when there is none. */
  public int max() {
    int max = -1;
    for (int i = from; i < from + length; i++) {
      max = Math.max(max, ids[i]);
    }
    return max;
  }

  /** The bits that any id has, which takes less time than the largest id. */
  private int allBits() {
    int[] array = ids;
    int end = from + length;
    int all = 0;
    for (int i = from; i < end; i++) {
      all |= array[i];
    }
    return all;
  }

  /** Copies all ids to {@code target}, the first to index {@code at}. */
  public void copyTo(int[] target, int at) {
    System.arraycopy(ids, from, target, at, length);
  }

  /** A new array of the ids. */
  public int[] toArray() {
    return Arrays.copyOfRange(ids, from, from + length);
  }

  /** Appends the lowest byte of each id to {@code target}. */
  public void putBytes(ByteBuffer target) {
    int start = target.position();
    for (int i = 0; i < length; i++) {
      target.put(start + i, (byte) ids[from + i]);
    }
    target.position(start + length);
  }

  /**
   * Appends the ids to {@code target} in its byte order, 2 bytes each. The ids must be under
   * 65,536.
   */
  public void putShorts(ByteBuffer target) {
    // A view with an index is the loop that the compiler makes vectors of.
    ShortBuffer shorts = target.asShortBuffer();
    for (int i = 0; i < length; i++) {
      shorts.put(i, (short) ids[from + i]);
    }
    target.position(target.position() + Short.BYTES * length);
  }

  /** Appends the ids to {@code target} in its byte order, 4 bytes each. */
  public void putInts(ByteBuffer target) {
    target.asIntBuffer().put(ids, from, length);
    target.position(target.position() + Integer.BYTES * length);
  }

  /** Appends the ids to {@code target} in its byte order, 8 bytes each. */
  public void putLongs(ByteBuffer target) {
    LongBuffer longs = target.asLongBuffer();
    for (int i = 0; i < length; i++) {
      longs.put(i, ids[from + i]);
    }
    target.position(target.position() + Long.BYTES * length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenIds that
        && Arrays.equals(ids, from, from + length, that.ids, that.from, that.from + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + ids[i];
    }
    return hash;
  }

  /** The ids in brackets; after the first 16 only their number. */
  @Override
  public String toString() {
    String shown = Arrays.toString(slice(0, Math.min(length, 16)).toArray());
    return length <= 16 ? shown : shown + " and " + (length - 16) + " more";
  }

  /**
   * Writes ids in bulk, 2 bytes each where all fit, else 4.
   *
   * <pre>
   * TokenIds --> Header, Id^Length
   *   Header --> varint: 2 * Length, plus 1 where ids take 4 bytes
   *   Id     --> uint16 or int32, little-endian
   * </pre>
   */
  public static final class TokenIdsCoder extends AtomicCoder<TokenIds> {
    private static final TokenIdsCoder INSTANCE = new TokenIdsCoder();
    private static final int CHUNK_BYTES = 1 << 20;

    private TokenIdsCoder() {}

    public static TokenIdsCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(TokenIds.class), INSTANCE);
    }

    @Override
    public void encode(TokenIds tokens, OutputStream out) throws IOException {
      boolean wide = tokens.allBits() > 0xFFFF;
      VarInt.encode(2L * tokens.length + (wide ? 1 : 0), out);
      int width = wide ? Integer.BYTES : Short.BYTES;
      int step = CHUNK_BYTES / width;
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.min(tokens.length, step) * width).order(ByteOrder.LITTLE_ENDIAN);
      for (int start = 0; start < tokens.length; start += step) {
        TokenIds chunk = tokens.slice(start, Math.min(tokens.length, start + step));
        buffer.clear();
        if (wide) {
          chunk.putInts(buffer);
        } else {
          chunk.putShorts(buffer);
        }
        out.write(buffer.array(), 0, buffer.position());
      }
    }

    @Override
    public TokenIds decode(InputStream in) throws IOException {
      long header = VarInt.decodeLong(in);
      int length = Math.toIntExact(header >> 1);
      boolean wide = (header & 1) == 1;
      int width = wide ? Integer.BYTES : Short.BYTES;
      int[] ids = new int[length];
      int step = CHUNK_BYTES / width;
      byte[] bytes = new byte[Math.min(length, step) * width];
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int start = 0; start < length; start += step) {
        int count = Math.min(length - start, step);
        if (in.readNBytes(bytes, 0, count * width) < count * width) {
          throw new EOFException("token ids: the stream ended before all " + length + " ids");
        }
        if (wide) {
          buffer.asIntBuffer().get(ids, start, count);
        } else {
          for (int i = 0; i < count; i++) {
            ids[start + i] = buffer.getShort(i * Short.BYTES) & 0xFFFF;
          }
        }
      }
      return new TokenIds(ids, 0, length);
    }
  }
}
