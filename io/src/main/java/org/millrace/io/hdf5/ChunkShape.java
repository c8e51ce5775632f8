package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.millrace.io.column.Column;

/**
 * The part of a dataset that is stored in one piece.
 *
 * @param dimensions as many as the dataset has
 * @param elementBytes the size of an element
 */
record ChunkShape(List<Integer> dimensions, int elementBytes) {

  /** No one writes larger ones: a damaged or a hostile file. */
  static final int MAX_BYTES = 1 << 28;

  ChunkShape {
    dimensions = List.copyOf(dimensions);
  }

  /** One value of a column. */
  static ChunkShape of(Column column) {
    List<Integer> dimensions = new ArrayList<>(List.of(1));
    dimensions.addAll(column.shape().orElseThrow());
    return new ChunkShape(dimensions, column.dtype().orElseThrow().bytes());
  }

  int rank() {
    return dimensions.size();
  }

  /** The size in bytes, before any filter. */
  int bytes() {
    return dimensions.stream().reduce(elementBytes, Math::multiplyExact);
  }

  /**
   * The dimensions as a dataset's layout has them.
   *
   * <pre>
   * Dimensions --> uint32^rank, uint32 size of an element          little-endian
   * </pre>
   */
  byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES * (rank() + 1)).order(ByteOrder.LITTLE_ENDIAN);
    dimensions.forEach(out::putInt);
    return out.putInt(elementBytes).array();
  }

  /**
   * Reads {@link #encode}.
   *
   * @param at where in the block it begins
   */
  static ChunkShape decode(FileBlock block, int at, int rank, int elementBytes) throws IOException {
    List<Integer> dimensions = new ArrayList<>();
    long bytes = elementBytes;
    for (int i = 0; i < rank; i++) {
      long dimension = block.uint32(at + i * Integer.BYTES);
      bytes *= dimension;
      if (dimension == 0 || bytes > MAX_BYTES) {
        String expected = "chunks of 1.." + MAX_BYTES + " bytes";
        throw block.unexpected(at, "chunk", expected, bytes + " or more");
      }
      dimensions.add((int) dimension);
    }
    int last = at + rank * Integer.BYTES;
    block.expect(last, "size of an element", elementBytes, block.uint32(last));
    return new ChunkShape(dimensions, elementBytes);
  }
}
