package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.HexFormat;

/**
 * What the first bytes of a file say; versions 0 and 1.
 *
 * @param rootHeader the address of the root group's object header
 * @param leafEntries how many names a node of a group holds at most
 * @param treeEntries how many entries a node of a group's B-tree holds at most
 * @param chunkEntries how many entries a node of a chunk index holds at most
 * @param end the size that the file is to have
 * @see FileHead
 */
record Superblock(long rootHeader, int leafEntries, int treeEntries, int chunkEntries, long end) {

  static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  private static final int VERSION_0_BYTES = 96;

  /** Keeps what is in memory of an index small: one node of each of its levels. */
  private static final int MAX_CHUNK_K = 1 << 10;

  /** What version 1 has between the flags and the first address. */
  private static final int VERSION_1_MORE_BYTES = 4;

  static Superblock read(FileBytes file) throws IOException {
    FileBlock start = file.read(0, Math.min(file.file().bytes(), 9), "superblock");
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (i >= start.length() || start.data().get(i) != SIGNATURE[i]) {
        String got = HexFormat.ofDelimiter(" ").formatHex(start.data().array());
        throw start.unexpected(0, "signature", "89 48 44 46 0d 0a 1a 0a", got);
      }
    }
    int version = start.uint8(8);
    if (version > 1) {
      throw start.unexpected(
          8,
          "version",
          "0 or 1, which libver='earliest' in h5py writes (so save the data again)",
          version);
    }
    int more = version * VERSION_1_MORE_BYTES;
    FileBlock block = file.read(0, VERSION_0_BYTES + more, "superblock");
    block.expect(13, "bytes of an address", Long.BYTES, block.uint8(13));
    block.expect(14, "bytes of a size", Long.BYTES, block.uint8(14));
    block.expect(24 + more, "base address", 0, block.int64(24 + more));
    block.expect(48 + more, "driver information", FileBytes.UNDEFINED, block.int64(48 + more));
    long end = block.int64(40 + more);
    if (end < 0 || end > file.file().bytes()) {
      throw block.unexpected(40 + more, "size of the file", end, file.file().bytes());
    }
    int chunkK = version == 0 ? ChunkTreeWriter.MAX_ENTRIES / 2 : block.uint16(24);
    if (chunkK < 1 || chunkK > MAX_CHUNK_K) {
      throw block.unexpected(24, "K of chunk indexes", "1.." + MAX_CHUNK_K, chunkK);
    }
    return new Superblock(
        block.int64(64 + more), 2 * block.uint16(16), 2 * block.uint16(18), 2 * chunkK, end);
  }
}
