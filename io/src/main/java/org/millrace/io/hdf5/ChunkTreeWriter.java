package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.millrace.io.column.LittleEndianOutput;

/**
 * Collects where the chunks of a dataset are, one chunk for each index of the first dimension, and
 * writes it as a B-tree of version 1: level by level, each node full but the last of its level.
 *
 * <pre>
 * ChunkTree --> Node*
 * Node --> "TREE", 1 uint8, Level, EntryCount, Sibling, Sibling, (Key, Child)^EntryCount, Key, 0*
 *   Level      --> uint8: 0 where children are chunks      EntryCount --> uint16: up to 64
 *   Sibling    --> uint64: address of the node before and behind, or 2^64 - 1
 *   Child      --> uint64: address of a node or a chunk
 *   Key        --> ChunkBytes, FilterMask, Offset^rank, 0 uint64: of the child's first chunk; the
 *                  last one is that of the next node's first chunk, or what follows all chunks
 *   ChunkBytes --> uint32: as stored      FilterMask --> uint32 = 0      Offset --> uint64
 * </pre>
 *
 * All little-endian. Nodes have room for 64 entries whether they have them or not.
 */
final class ChunkTreeWriter {

  /** The library's constant for chunk indexes in files with a superblock of version 0. */
  static final int MAX_ENTRIES = 64;

  private static final int CHUNK_TREE = 1;
  private static final int NODE_HEAD_BYTES = 24;

  private final ChunkShape shape;
  private final int nodeBytes;
  private long[] addresses = new long[1 << 10];
  private int[] sizes = new int[1 << 10];
  private int count;

  ChunkTreeWriter(ChunkShape shape) {
    this.shape = shape;
    int keyBytes = 2 * Integer.BYTES + Long.BYTES * (shape.rank() + 1);
    this.nodeBytes = NODE_HEAD_BYTES + MAX_ENTRIES * (keyBytes + Long.BYTES) + keyBytes;
  }

  /** The next chunk is there. */
  void add(long address, int size) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, Math.multiplyExact(2, count));
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    addresses[count] = address;
    sizes[count++] = size;
  }

  /** The number of chunks. */
  int count() {
    return count;
  }

  /**
   * Writes the tree.
   *
   * @return the address of its root
   */
  long write(LittleEndianOutput output) throws IOException {
    long children = FileBytes.UNDEFINED;
    int level = 0;
    for (long chunks = 1; ; level++) {
      long address = output.position();
      int entries = (int) ceilingDivide(count, chunks);
      int nodes = (int) ceilingDivide(entries, MAX_ENTRIES);
      for (int node = 0; node < nodes; node++) {
        output.write(node(level, node, nodes, address, chunks, children));
      }
      if (nodes == 1) {
        return address;
      }
      children = address;
      chunks *= MAX_ENTRIES;
    }
  }

  /**
   * A node.
   *
   * @param address of the first node of the level
   * @param chunks how many there are below each child
   * @param children the address of the first node of the level below, if there is one
   */
  private ByteBuffer node(
      int level, int node, int nodes, long address, long chunks, long children) {
    ByteBuffer out = ByteBuffer.allocate(nodeBytes).order(ByteOrder.LITTLE_ENDIAN);
    long from = (long) node * MAX_ENTRIES;
    int entries = (int) Math.min(MAX_ENTRIES, ceilingDivide(count, chunks) - from);
    out.put("TREE".getBytes(StandardCharsets.US_ASCII)).put((byte) CHUNK_TREE).put((byte) level);
    out.putShort((short) entries);
    out.putLong(node == 0 ? FileBytes.UNDEFINED : address + (node - 1L) * nodeBytes);
    out.putLong(node == nodes - 1 ? FileBytes.UNDEFINED : address + (node + 1L) * nodeBytes);
    for (long child = from; child < from + entries; child++) {
      putKey(out, child * chunks);
      out.putLong(level == 0 ? addresses[(int) child] : children + child * nodeBytes);
    }
    putKey(out, (from + entries) * chunks);
    return out.rewind();
  }

  private void putKey(ByteBuffer out, long chunk) {
    boolean end = chunk >= count;
    out.putInt(end ? 0 : sizes[(int) chunk]).putInt(0);
    out.putLong(end ? count : chunk);
    // Behind the end the library counts on in every dimension, even in that of an element's bytes.
    for (int i = 1; i < shape.rank(); i++) {
      out.putLong(end ? shape.dimensions().get(i) : 0);
    }
    out.putLong(end ? shape.elementBytes() : 0);
  }

  private static long ceilingDivide(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
