package org.millrace.io.hdf5;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.Deflater;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;

/**
 * Gives the rows of a file as finished zlib streams: as they are stored where each chunk is a
 * deflated row, else of our own making. Not for several threads.
 */
final class RowStreams implements Closeable {

  private static final int DEFLATE_BUFFER_BYTES = 1 << 14;

  private final RowDataset dataset;
  private final StreamCheck check;
  private final FileBytes file;
  private final Optional<ChunkTree> tree;
  private final RowBlocks blocks;
  private final Deflater deflater;
  private final ByteBuffer row;

  /**
   * Opens a file.
   *
   * @param gzipLevel of the streams that have to be made
   */
  RowStreams(RowDataset dataset, int gzipLevel, StreamCheck check) throws IOException {
    this.dataset = dataset;
    this.check = check;
    this.file = new FileBytes(dataset.file());
    this.blocks = new RowBlocks(dataset);
    this.deflater = new Deflater(gzipLevel);
    this.row = ByteBuffer.allocate(check.rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    this.tree = Hdf5Rows.isWhole(dataset) ? Optional.of(tree(dataset)) : Optional.empty();
  }

  private ChunkTree tree(RowDataset rows) {
    return new ChunkTree(
        file,
        rows.layout().address(),
        rows.layout().chunks().orElseThrow(),
        rows.superblock().chunkEntries());
  }

  /**
   * Where the stream of a row is stored; empty where it has to be made.
   *
   * @throws IOException where the row was never stored, or its size cannot be right
   */
  Optional<ChunkTree.Chunk> find(long number) throws IOException {
    if (tree.isEmpty()) {
      return Optional.empty();
    }
    Optional<ChunkTree.Chunk> chunk = tree.get().find(number, 0, 0);
    if (chunk.isEmpty()) {
      String what = "row " + number;
      throw new IOException(
          Finding.at(dataset.file().path(), dataset.header(), what, "a chunk", "none").toString());
    }
    // A filter that is optional may have been left out where it did not help.
    if (FilterPipeline.skipped(0, chunk.get().filterMask())) {
      return Optional.empty();
    }
    check.checkBytes(file, chunk.get());
    return chunk;
  }

  /** The stream of a row. */
  byte[] read(long number) throws IOException {
    Optional<ChunkTree.Chunk> chunk = find(number);
    return chunk.isPresent() ? read(chunk.get()) : made(number);
  }

  /** The stream in a chunk. */
  byte[] read(ChunkTree.Chunk chunk) throws IOException {
    FileBlock stream = file.read(chunk.address(), chunk.bytes(), "row's zlib stream");
    check.check(stream);
    return stream.data().array();
  }

  private byte[] made(long number) throws IOException {
    row.clear();
    for (int line = 0; line < Hdf5IO.LINES; line++) {
      putLine(number, line);
    }
    deflater.reset();
    deflater.setInput(row.array(), 0, row.position());
    deflater.finish();
    ByteArrayOutputStream stream = new ByteArrayOutputStream(DEFLATE_BUFFER_BYTES);
    byte[] buffer = new byte[DEFLATE_BUFFER_BYTES];
    while (!deflater.finished()) {
      stream.write(buffer, 0, deflater.deflate(buffer));
    }
    return stream.toByteArray();
  }

  private void putLine(long number, int line) throws IOException {
    ByteBuffer values = blocks.line(number, line).order(ByteOrder.LITTLE_ENDIAN);
    DType dtype = dataset.dtype();
    for (int place = 0; place < dataset.length(); place++) {
      long value = dtype.get(values, place * dtype.bytes());
      if (!DType.INT32.holds(value)) {
        String what = "row " + number + ", line " + line + ", position " + place;
        throw new IOException(
            Finding.at(
                    dataset.file().path(),
                    blocks.address(number, line, place),
                    what,
                    "a number of 4 bytes",
                    value)
                .toString());
      }
      row.putInt((int) value);
    }
  }

  @Override
  public void close() throws IOException {
    deflater.end();
    try (file) {
      blocks.close();
    }
  }
}
