package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the chunks of a dataset in its B-tree. Of the tree no more than one node a level is in
 * memory.
 *
 * @see ChunkTreeWriter
 */
final class ChunkTree {

  private static final int HEAD_BYTES = 24;

  /** Stands for the level of the parent that a root has not. */
  private static final int ABOVE_ROOT = 1 << Byte.SIZE;

  private final FileBytes file;
  private final long root;
  private final ChunkShape shape;
  private final int maxEntries;
  private final int keyBytes;
  private final FileBlock[] path = new FileBlock[ABOVE_ROOT];

  /**
   * A chunk.
   *
   * @param address where it is stored
   * @param bytes how many are stored
   * @param filterMask which filters were left out
   */
  record Chunk(long address, long bytes, long filterMask) {}

  /**
   * Opens the tree.
   *
   * @param root the address of its root; undefined where there are no chunks
   * @param maxEntries of a node
   */
  ChunkTree(FileBytes file, long root, ChunkShape shape, int maxEntries) {
    this.file = file;
    this.root = root;
    this.shape = shape;
    this.maxEntries = maxEntries;
    this.keyBytes = 2 * Integer.BYTES + Long.BYTES * (shape.rank() + 1);
  }

  /**
   * The chunk at a place, if it was stored.
   *
   * @param start the indexes of its first element
   */
  Optional<Chunk> find(long... start) throws IOException {
    if (root == FileBytes.UNDEFINED) {
      return Optional.empty();
    }
    FileBlock node = node(root, ABOVE_ROOT);
    while (true) {
      int entry = lastNotBehind(node, start);
      if (entry < 0 || compare(node, entry + 1, start) <= 0) {
        return Optional.empty();
      }
      if (level(node) == 0) {
        return compare(node, entry, start) == 0
            ? Optional.of(chunk(node, entry))
            : Optional.empty();
      }
      node = node(child(node, entry), level(node));
    }
  }

  /**
   * Goes through the whole tree.
   *
   * @param dimensions of the dataset
   * @return how many chunks are stored
   * @throws IOException where they are not in order, or not within the dataset
   */
  long count(long... dimensions) throws IOException {
    if (root == FileBytes.UNDEFINED) {
      return 0;
    }
    long[] last = new long[dimensions.length];
    last[0] = -1;
    return count(node(root, ABOVE_ROOT), dimensions, last);
  }

  /**
   * Counts what is below a node.
   *
   * @param last the place of the last chunk before it; then of the last chunk in it
   */
  private long count(FileBlock node, long[] dimensions, long[] last) throws IOException {
    if (level(node) == 0) {
      for (int i = 0; i < entries(node); i++) {
        checkPlace(node, i, dimensions, last);
      }
      return entries(node);
    }
    long chunks = 0;
    for (int i = 0; i < entries(node); i++) {
      chunks += count(readNode(child(node, i), level(node)), dimensions, last);
    }
    return chunks;
  }

  private void checkPlace(FileBlock node, int entry, long[] dimensions, long[] last)
      throws IOException {
    int at = keyAt(entry);
    if (compare(node, entry, last) <= 0) {
      throw node.unexpected(at, "chunk", "one behind " + Arrays.toString(last), "another");
    }
    for (int i = 0; i < dimensions.length; i++) {
      long index = node.int64(offsetAt(entry, i));
      if (index < 0 || index >= dimensions[i] || index % shape.dimensions().get(i) != 0) {
        String expected = "less than " + dimensions[i] + ", a multiple of " + shape.dimensions();
        throw node.unexpected(at, "index " + i + " of a chunk", expected, index);
      }
      last[i] = index;
    }
    if (!find(last).equals(Optional.of(chunk(node, entry)))) {
      String expected = "one that keys lead to";
      throw node.unexpected(at, "chunk " + Arrays.toString(last), expected, "a hidden one");
    }
  }

  /** The last entry whose key is not behind a place, or -1. */
  private int lastNotBehind(FileBlock node, long... start) throws IOException {
    int from = 0;
    int to = entries(node);
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (compare(node, middle, start) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from - 1;
  }

  private int compare(FileBlock node, int entry, long... start) throws IOException {
    for (int i = 0; i < start.length; i++) {
      int order = Long.compare(node.int64(offsetAt(entry, i)), start[i]);
      if (order != 0) {
        return order;
      }
    }
    // What stands behind all chunks may differ from the last in this alone, the element's bytes.
    return Long.compare(node.int64(offsetAt(entry, start.length)), 0);
  }

  private Chunk chunk(FileBlock node, int entry) throws IOException {
    int at = keyAt(entry);
    return new Chunk(child(node, entry), node.uint32(at), node.uint32(at + Integer.BYTES));
  }

  private long child(FileBlock node, int entry) throws IOException {
    return node.int64(keyAt(entry) + keyBytes);
  }

  private int keyAt(int entry) {
    return HEAD_BYTES + entry * (keyBytes + Long.BYTES);
  }

  private int offsetAt(int entry, int dimension) {
    return keyAt(entry) + 2 * Integer.BYTES + dimension * Long.BYTES;
  }

  private static int level(FileBlock node) throws IOException {
    return node.uint8(5);
  }

  private static int entries(FileBlock node) throws IOException {
    return node.uint16(6);
  }

  /** A node, kept for the next time. */
  private FileBlock node(long address, int parentLevel) throws IOException {
    FileBlock kept = path[parentLevel - 1];
    if (kept == null || kept.address() != address) {
      kept = readNode(address, parentLevel);
      path[parentLevel - 1] = kept;
    }
    return kept;
  }

  private FileBlock readNode(long address, int parentLevel) throws IOException {
    FileBlock node = file.read(address, keyAt(maxEntries) + (long) keyBytes, "B-tree of chunks");
    node.expectSignature("TREE");
    node.expect(4, "type of node", 1, node.uint8(4));
    // A root may have any level; all others have that below their parent's: each way has an end.
    if (parentLevel < ABOVE_ROOT) {
      node.expect(5, "level", parentLevel - 1, level(node));
    }
    if (entries(node) < 1 || entries(node) > maxEntries) {
      throw node.unexpected(6, "entries", "1.." + maxEntries, entries(node));
    }
    return node;
  }
}
