package org.millrace.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import org.millrace.io.column.DType;

/**
 * The begin of a file: all but the chunks and their indexes. Equal, byte for byte, to what h5py
 * writes for a new file that gets an attribute and then a dataset.
 *
 * <pre>
 * FileHead --> Superblock, RootHeader, NameTree, NameHeap, RootMessages, DatasetHeader^n, NameNode
 *   Superblock    --> 89 "HDF" 0D 0A 1A 0A, 0 uint8^5, 8 uint8, 8 uint8, 0 uint8, LeafK, TreeK,
 *                     0 uint32, 0 uint64, Undefined, FileEnd, Undefined, RootEntry
 *     LeafK --> uint16 = 4      TreeK --> uint16 = 16      FileEnd --> Address
 *   RootEntry     --> 0 uint64, Address of RootHeader, 1 uint32, 0 uint32, Address of NameTree,
 *                     Address of NameHeap
 *   RootHeader    --> ObjectHeader of a continuation (Address and uint64 size of RootMessages)
 *   NameTree      --> "TREE", 0 uint8, 0 uint8, 1 uint16, Undefined, Undefined, 0 uint64,
 *                     Address of NameNode, uint64 offset of the last name, 0 uint8^496
 *   NameHeap      --> "HEAP", 0 uint32, uint64 size of Names, uint64 offset of Free,
 *                     Address of Names, Names
 *     Names --> 0 uint64, Name^n, Free      Name --> ASCII, padded by zeros to 8, 16, ... bytes
 *     Free  --> 1 uint64 (no more of them), uint64 size of Free, 0 uint8^*
 *   RootMessages  --> SymbolTable (Address of NameTree, Address of NameHeap), Attribute
 *   Attribute     --> 1 uint8, 0 uint8, uint16 size of Name, of Datatype, of Dataspace,
 *                     Name, Datatype, Dataspace, int64 (each padded to 8, 16, ... bytes)
 *   DatasetHeader --> ObjectHeader
 *   NameNode      --> "SNOD", 1 uint8, 0 uint8, n uint16, Entry^n, 0 uint8^(40 * (8 - n))
 *     Entry --> uint64 offset of its name, Address of DatasetHeader, 0 uint8^24
 * Address --> uint64      Undefined --> uint64 = 2^64 - 1        all little-endian
 * </pre>
 *
 * @see "HDF5 File Format Specification, versions 0 of the superblock and 1 of object headers"
 */
final class FileHead {

  private static final int LEAF_K = 4;
  private static final int TREE_K = 16;
  private static final int MAX_NAMES = 2 * LEAF_K;

  private static final int SUPERBLOCK_BYTES = 96;
  private static final int CONTINUATION_BYTES = 24;
  private static final int TREE_BYTES = 24 + (2 * TREE_K + 1) * 8 + 2 * TREE_K * 8;
  private static final int HEAP_BYTES = 32;
  private static final int ENTRY_BYTES = 40;
  private static final int NODE_BYTES = 8 + MAX_NAMES * ENTRY_BYTES;

  /** What the HDF5 library gives a new group for names; it grows where they need more. */
  private static final int NAMES_BYTES = 88;

  private static final int FREE_BYTES = 16;

  private static final long ROOT_HEADER = SUPERBLOCK_BYTES;
  private static final long NAME_TREE =
      ROOT_HEADER + ObjectHeaderWriter.PREFIX_BYTES + CONTINUATION_BYTES;
  private static final long NAME_HEAP = NAME_TREE + TREE_BYTES;
  private static final long NAMES = NAME_HEAP + HEAP_BYTES;

  private FileHead() {}

  /**
   * The head.
   *
   * @param end the file's size
   * @param rows the value of the attribute
   * @param datasets at most 8: their object headers by their names
   */
  static byte[] encode(long end, long rows, SortedMap<String, byte[]> datasets) {
    if (datasets.size() > MAX_NAMES) {
      throw new IllegalArgumentException("more than " + MAX_NAMES + " datasets: " + datasets);
    }
    byte[] names = names(datasets);
    byte[] rootMessages = rootMessages(rows);
    long messagesAddress = NAMES + names.length;
    long datasetsAddress = messagesAddress + rootMessages.length;
    int headers = datasets.values().stream().mapToInt(header -> header.length).sum();
    long nodeAddress = datasetsAddress + headers;
    ByteBuffer out =
        ByteBuffer.allocate((int) nodeAddress + NODE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    putSuperblock(out, end);
    out.put(rootHeader(messagesAddress, rootMessages.length));
    putNameTree(out, nodeAddress, lastName(datasets));
    putNameHeap(out, names, datasets);
    out.put(names).put(rootMessages);
    datasets.values().forEach(out::put);
    putNameNode(out, datasetsAddress, datasets);
    return out.array();
  }

  private static void putSuperblock(ByteBuffer out, long end) {
    out.put(Superblock.SIGNATURE)
        .put(new byte[5])
        .put((byte) Long.BYTES)
        .put((byte) Long.BYTES)
        .put((byte) 0);
    out.putShort((short) LEAF_K).putShort((short) TREE_K).putInt(0);
    out.putLong(0).putLong(FileBytes.UNDEFINED).putLong(end).putLong(FileBytes.UNDEFINED);
    out.putLong(0).putLong(ROOT_HEADER).putInt(1).putInt(0).putLong(NAME_TREE).putLong(NAME_HEAP);
  }

  private static byte[] rootHeader(long messagesAddress, int messagesBytes) {
    byte[] continuation = longs(messagesAddress, messagesBytes);
    return new ObjectHeaderWriter().add(MessageType.CONTINUATION, 0, continuation).header(2);
  }

  private static byte[] rootMessages(long rows) {
    byte[] name = (Hdf5IO.ROW_COUNT + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] type = NumberType.encode(DType.INT64);
    byte[] space = Dataspace.encodeScalar();
    ByteBuffer attribute = ByteBuffer.allocate(56).order(ByteOrder.LITTLE_ENDIAN);
    attribute.putShort((short) 1).putShort((short) name.length);
    attribute.putShort((short) type.length).putShort((short) space.length);
    attribute.put(name).position(8 + ObjectHeaderWriter.padded(name.length));
    attribute.put(type).putInt(0).put(space).putLong(rows);
    return new ObjectHeaderWriter()
        .add(MessageType.SYMBOL_TABLE, 0, longs(NAME_TREE, NAME_HEAP))
        .add(MessageType.ATTRIBUTE, 0, attribute.array())
        .messages();
  }

  private static void putNameTree(ByteBuffer out, long nodeAddress, int lastName) {
    int begin = out.position();
    out.put("TREE".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) 1);
    out.putLong(FileBytes.UNDEFINED).putLong(FileBytes.UNDEFINED);
    out.putLong(0).putLong(nodeAddress).putLong(lastName);
    out.position(begin + TREE_BYTES);
  }

  private static void putNameHeap(
      ByteBuffer out, byte[] names, SortedMap<String, byte[]> datasets) {
    out.put("HEAP".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    out.putLong(names.length).putLong(usedBytes(datasets)).putLong(NAMES);
  }

  private static byte[] names(SortedMap<String, byte[]> datasets) {
    int used = usedBytes(datasets);
    int size = Math.max(NAMES_BYTES, used + FREE_BYTES);
    ByteBuffer names = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    names.putLong(0);
    for (String name : datasets.keySet()) {
      int next = names.position() + nameBytes(name);
      names.put(name.getBytes(StandardCharsets.US_ASCII)).position(next);
    }
    return names.putLong(1).putLong(size - used).array();
  }

  /** The size of the names, and of the empty one that is the first. */
  private static int usedBytes(SortedMap<String, byte[]> datasets) {
    return Long.BYTES + datasets.keySet().stream().mapToInt(FileHead::nameBytes).sum();
  }

  private static int lastName(SortedMap<String, byte[]> datasets) {
    return usedBytes(datasets) - nameBytes(datasets.lastKey());
  }

  private static int nameBytes(String name) {
    return ObjectHeaderWriter.padded(name.length() + 1);
  }

  private static void putNameNode(
      ByteBuffer out, long datasetsAddress, SortedMap<String, byte[]> datasets) {
    out.put("SNOD".getBytes(StandardCharsets.US_ASCII)).putShort((short) 1);
    out.putShort((short) datasets.size());
    long name = Long.BYTES;
    long address = datasetsAddress;
    for (var dataset : datasets.entrySet()) {
      out.putLong(name).putLong(address).put(new byte[ENTRY_BYTES - 2 * Long.BYTES]);
      name += nameBytes(dataset.getKey());
      address += dataset.getValue().length;
    }
  }

  private static byte[] longs(long first, long second) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(first)
        .putLong(second)
        .array();
  }
}
