package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.Optional;

/**
 * Where the elements of a dataset are; version 3.
 *
 * @param address of all elements, or of the index of the chunks
 * @param chunks their shape, where the elements are in chunks
 * @param bytes the size of all elements where they are not in chunks, else 0
 * @see DatasetWriter
 */
record DataLayout(long address, Optional<ChunkShape> chunks, long bytes) {

  static final int COMPACT = 0;
  static final int CONTIGUOUS = 1;
  static final int CHUNKED = 2;

  static DataLayout decode(FileBlock block, int rank, int elementBytes) throws IOException {
    if (block.uint8(0) != 3) {
      String expected = "3, which libver='earliest' in h5py writes (so save the data again)";
      throw block.unexpected(0, "version of the layout", expected, block.uint8(0));
    }
    int kind = block.uint8(1);
    switch (kind) {
      case CONTIGUOUS -> {
        return new DataLayout(block.int64(2), Optional.empty(), block.int64(10));
      }
      case CHUNKED -> {
        block.expect(2, "dimensions of a chunk", rank + 1, block.uint8(2));
        ChunkShape shape = ChunkShape.decode(block, 11, rank, elementBytes);
        return new DataLayout(block.int64(3), Optional.of(shape), 0);
      }
      default ->
          throw block.unexpected(
              1, "layout", "chunked or contiguous", kind == COMPACT ? "compact" : kind);
    }
  }
}
