package org.millrace.transforms.sort;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Some encoded elements of one group, carried through a grouping as one value: the runner's cost
 * for a value is then paid once for hundreds of elements.
 *
 * <pre>
 * Block --> Entry^n
 *   Entry    --> Key, Length, (Bytes^Length | Fragment)       all big-endian
 *     Key    --> 16 bytes                                      {@link org.millrace.transforms.data.OrderKey}
 *     Length --> int32; -1 before a Fragment
 *   Fragment --> Element, Total, Offset, Size, Bytes^Size      a part of an element that is larger than a block
 *     Element --> 16 bytes, the same for all fragments of one element and no other
 *     Total, Offset, Size --> int32
 * </pre>
 */
@DefaultCoder(Block.BlockCoder.class)
public final class Block {

  /** No block is larger, so that every runner can sort blocks in little memory. */
  static final int LIMIT = 1 << 20;

  static final int ENTRY_HEADER = 20;
  static final int FRAGMENT_HEADER = 28;
  static final int FRAGMENT = -1;

  private final byte[] bytes;

  Block(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Writes the size as a varint, then the bytes. */
  public static final class BlockCoder extends AtomicCoder<Block> {
    private static final BlockCoder INSTANCE = new BlockCoder();

    private BlockCoder() {}

    public static BlockCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(Block.class), INSTANCE);
    }

    @Override
    public void encode(Block block, OutputStream out) throws IOException {
      VarInt.encode(block.bytes.length, out);
      out.write(block.bytes);
    }

    @Override
    public Block decode(InputStream in) throws IOException {
      int size = VarInt.decodeInt(in);
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException("block: expected " + size + " bytes, got " + bytes.length);
      }
      return new Block(bytes);
    }
  }
}
