package org.millrace.io.hdf5;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import org.millrace.io.column.Column;
import org.millrace.io.column.LittleEndianOutput;

/**
 * Writes a dataset of equal columns, one chunk for each. What is kept in memory of a chunk is its
 * address and size.
 *
 * <pre>
 * DatasetHeader --> ObjectHeader of Dataspace, Datatype, FillValue, [Filters], Layout, Nil
 *   Dataspace --> [rows, the column's dimensions]
 *   FillValue --> 2 uint8 (version), 3 uint8 (space is allocated chunk by chunk), 0 uint8 (filled
 *                 then), 1 uint8 (defined), 0 uint32 (by nothing but zeros)
 *   Filters   --> 1 uint8 (version), 1 uint8 (number), 0 uint8^6, 1 uint16 (deflate), 8 uint16
 *                 (size of the name), 1 uint16 (optional), 1 uint16 (number of values), "deflate",
 *                 0 uint8, uint32 level, 0 uint32
 *   Layout    --> 3 uint8 (version), 2 uint8 (chunks), uint8 rank + 1, Address of ChunkTree,
 *                 uint32^rank the dimensions of a chunk, uint32 size of an element
 * Chunk --> zlib stream of the column's elements; without Filters the elements themselves
 * </pre>
 *
 * All little-endian.
 *
 * @see ChunkTreeWriter
 */
final class DatasetWriter implements Closeable {

  /** The messages' room, as the HDF5 library gives it to a new dataset. */
  private static final int MESSAGE_BYTES = 256;

  private static final int DEFLATE_BUFFER_BYTES = 1 << 16;

  private final Column column;
  private final ChunkShape shape;
  private final LittleEndianOutput output;
  private final int gzipLevel;
  private final Deflater deflater;
  private final ByteBuffer deflated = ByteBuffer.allocateDirect(DEFLATE_BUFFER_BYTES);
  private final ChunkTreeWriter tree;
  private long treeAddress;

  /**
   * A dataset without rows.
   *
   * @param column with a shape, and of whole numbers
   * @param gzipLevel 0 for no filter
   */
  DatasetWriter(Column column, int gzipLevel, LittleEndianOutput output) {
    this.column = column;
    this.shape = ChunkShape.of(column);
    this.output = output;
    this.gzipLevel = gzipLevel;
    this.deflater = new Deflater(gzipLevel);
    this.tree = new ChunkTreeWriter(shape);
  }

  int rows() {
    return tree.count();
  }

  /** Writes the next row: its elements, little-endian. A direct buffer is copied least. */
  void write(ByteBuffer row) throws IOException {
    checkArgument(
        row.remaining() == shape.bytes(), "%s: a row of %s bytes", column, row.remaining());
    long address = output.position();
    if (gzipLevel == 0) {
      output.write(row);
    } else {
      deflate(row);
    }
    tree.add(address, Math.toIntExact(output.position() - address));
  }

  /** Writes the next row as it was stored elsewhere: its finished zlib stream. */
  void writeStored(ByteBuffer stream) throws IOException {
    checkArgument(gzipLevel > 0, "%s: a zlib stream among rows without one", column);
    long address = output.position();
    int bytes = stream.remaining();
    output.write(stream);
    tree.add(address, bytes);
  }

  private void deflate(ByteBuffer row) throws IOException {
    deflater.reset();
    deflater.setInput(row);
    deflater.finish();
    while (!deflater.finished()) {
      deflater.deflate(deflated.clear());
      output.write(deflated.flip());
    }
  }

  /** Writes the index of the chunks; there are no more of them. */
  void finish() throws IOException {
    treeAddress = tree.write(output);
  }

  /** The object header as it is to be by now; its size does not depend on the rows. */
  byte[] header() {
    long[] dimensions = new long[shape.rank()];
    dimensions[0] = rows();
    for (int i = 1; i < dimensions.length; i++) {
      dimensions[i] = shape.dimensions().get(i);
    }
    int constant = ObjectHeaderWriter.CONSTANT;
    ObjectHeaderWriter header =
        new ObjectHeaderWriter()
            .add(MessageType.DATASPACE, 0, Dataspace.encode(dimensions))
            .add(MessageType.DATATYPE, constant, NumberType.encode(column.dtype().orElseThrow()))
            .add(MessageType.FILL_VALUE, constant, new byte[] {2, 3, 0, 1, 0, 0, 0, 0});
    if (gzipLevel > 0) {
      header.add(MessageType.FILTERS, constant, filters());
    }
    return header.add(MessageType.LAYOUT, 0, layout()).fillTo(MESSAGE_BYTES).header(0);
  }

  private byte[] filters() {
    byte[] name = "deflate\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 1).put((byte) 1).position(8);
    out.putShort((short) FilterPipeline.DEFLATE).putShort((short) name.length);
    out.putShort((short) FilterPipeline.OPTIONAL).putShort((short) 1);
    return out.put(name).putInt(gzipLevel).array();
  }

  private byte[] layout() {
    byte[] chunk = shape.encode();
    return ByteBuffer.allocate(11 + chunk.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 3)
        .put((byte) DataLayout.CHUNKED)
        .put((byte) (shape.rank() + 1))
        .putLong(treeAddress)
        .put(chunk)
        .array();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
