package org.millrace.transforms.sort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.millrace.transforms.data.OrderKey;

/** The elements of one group that wait to become a {@link Block}. */
final class BlockBuffer extends OutputStream {

  private static final int FIRST_CAPACITY = 1 << 12;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  /** The bytes in use. */
  int size() {
    return size;
  }

  /** Appends an element; puts out full blocks where it is larger than one. */
  <T> void add(OrderKey key, T element, Coder<T> coder, Consumer<Block> full) throws IOException {
    int start = size;
    require(Block.ENTRY_HEADER);
    size += Block.ENTRY_HEADER;
    coder.encode(element, this);
    int length = size - start - Block.ENTRY_HEADER;
    if (length + Block.ENTRY_HEADER > Block.LIMIT) {
      cut(key, start, length, full);
    } else {
      ByteBuffer.wrap(bytes, start, Block.ENTRY_HEADER)
          .putLong(key.high())
          .putLong(key.low())
          .putInt(length);
    }
  }

  private void cut(OrderKey key, int start, int length, Consumer<Block> full) {
    UUID element = UUID.randomUUID();
    int from = start + Block.ENTRY_HEADER;
    int room = Block.LIMIT - Block.ENTRY_HEADER - Block.FRAGMENT_HEADER;
    for (int offset = 0; offset < length; offset += room) {
      int part = Math.min(room, length - offset);
      ByteBuffer fragment =
          ByteBuffer.allocate(Block.ENTRY_HEADER + Block.FRAGMENT_HEADER + part)
              .putLong(key.high())
              .putLong(key.low())
              .putInt(Block.FRAGMENT)
              .putLong(element.getMostSignificantBits())
              .putLong(element.getLeastSignificantBits())
              .putInt(length)
              .putInt(offset)
              .putInt(part)
              .put(bytes, from + offset, part);
      full.accept(new Block(fragment.array()));
    }
    size = start;
    if (bytes.length > Block.LIMIT) {
      bytes = Arrays.copyOf(bytes, Math.max(FIRST_CAPACITY, size));
    }
  }

  /** Takes all elements out, as one block. */
  Block take() {
    Block block = new Block(Arrays.copyOf(bytes, size));
    size = 0;
    return block;
  }

  @Override
  public void write(int value) {
    require(1);
    bytes[size++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    require(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  private void require(int more) {
    if (bytes.length - size < more) {
      long wanted =
          Math.max((long) size + more, Math.min(2L * bytes.length, bytes.length + (64L << 20)));
      if ((long) size + more > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException("an encoded element is over 2 GiB");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
  }
}
