package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The objects in a group, by their names: a B-tree of nodes, each with some names in their order.
 *
 * @see FileHead
 */
final class NameTable {

  private static final int MAX_HEAP_BYTES = 1 << 24;
  private static final int TREE_HEAD_BYTES = 24;
  private static final int NODE_HEAD_BYTES = 8;
  private static final int ENTRY_BYTES = 40;
  private static final int SYMBOLIC_LINK = 2;

  private final FileBytes file;
  private final Superblock superblock;
  private final long tree;
  private final FileBlock names;

  /** The table of the root group. */
  NameTable(FileBytes file, Superblock superblock, FileBlock symbolTable) throws IOException {
    this.file = file;
    this.superblock = superblock;
    this.tree = symbolTable.int64(0);
    FileBlock heap = file.read(symbolTable.int64(8), 32, "heap of names");
    heap.expectSignature("HEAP");
    long bytes = heap.int64(8);
    if (bytes < 0 || bytes > MAX_HEAP_BYTES) {
      throw heap.unexpected(8, "size", "0.." + MAX_HEAP_BYTES, bytes);
    }
    this.names = file.read(heap.int64(24), bytes, "names");
  }

  /** The address of an object header. */
  OptionalLong find(String name) throws IOException {
    byte[] key = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    long address = tree;
    for (int level = -1; level != 0; ) {
      FileBlock node = treeNode(address, level);
      level = node.uint8(5);
      int child = 0;
      // Behind each child stands the last name in it.
      while (child < node.uint16(6) && compare(key, node, keyAt(child + 1)) > 0) {
        child++;
      }
      if (child == node.uint16(6)) {
        return OptionalLong.empty();
      }
      address = node.int64(keyAt(child) + Long.BYTES);
    }
    return findInNode(key, address);
  }

  private static int keyAt(int child) {
    return TREE_HEAD_BYTES + 2 * Long.BYTES * child;
  }

  private FileBlock treeNode(long address, int parentLevel) throws IOException {
    int bytes = keyAt(superblock.treeEntries()) + Long.BYTES;
    FileBlock node = file.read(address, bytes, "B-tree of names");
    node.expectSignature("TREE");
    node.expect(4, "type of node", 0, node.uint8(4));
    if (parentLevel >= 0) {
      node.expect(5, "level", parentLevel - 1, node.uint8(5));
    }
    if (node.uint16(6) > superblock.treeEntries()) {
      throw node.unexpected(6, "entries", "0.." + superblock.treeEntries(), node.uint16(6));
    }
    return node;
  }

  private OptionalLong findInNode(byte[] key, long address) throws IOException {
    int bytes = NODE_HEAD_BYTES + superblock.leafEntries() * ENTRY_BYTES;
    FileBlock node = file.read(address, bytes, "node of names");
    node.expectSignature("SNOD");
    int entries = node.uint16(6);
    if (entries > superblock.leafEntries()) {
      throw node.unexpected(6, "entries", "0.." + superblock.leafEntries(), entries);
    }
    for (int i = 0; i < entries; i++) {
      int at = NODE_HEAD_BYTES + i * ENTRY_BYTES;
      if (compare(key, node, at) == 0) {
        if (node.uint32(at + 16) == SYMBOLIC_LINK) {
          throw node.unexpected(at, "object", "a dataset", "a symbolic link");
        }
        return OptionalLong.of(node.int64(at + 8));
      }
    }
    return OptionalLong.empty();
  }

  /** Compares a name, which ends with a zero, with that whose offset stands in a block. */
  private int compare(byte[] key, FileBlock block, int at) throws IOException {
    long offset = block.int64(at);
    if (offset < 0 || offset >= names.length()) {
      throw block.unexpected(at, "offset of a name", "0.." + (names.length() - 1), offset);
    }
    byte[] heap = names.data().array();
    int from = (int) offset;
    int to = from;
    while (to < Math.min(heap.length, from + key.length) && heap[to] != 0) {
      to++;
    }
    return Arrays.compareUnsigned(key, 0, key.length - 1, heap, from, to);
  }
}
