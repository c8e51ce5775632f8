package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads rows, as many at a time as are chunked together. In memory is one block of rows, at most 64
 * MiB or one row, and one chunk. Not for several threads.
 */
final class RowBlocks implements Closeable {

  private static final int MAX_BLOCK_BYTES = 1 << 26;
  private static final int CONTIGUOUS_BYTES = 1 << 20;

  private final RowDataset dataset;
  private final FileBytes file;
  private final Optional<Chunks> chunks;
  private Block current = new Block(0, ByteBuffer.allocate(0), 1);

  /** Chunks and how they are found and read. */
  private record Chunks(ChunkShape shape, ChunkTree tree, ChunkDecoder decoder) {

    /** How many rows, lines or places of a line are in a chunk: 0, 1, 2. */
    int extent(int dimension) {
      return shape.rank() == 3
          ? shape.dimensions().get(dimension)
          : dimension == 1 ? 1 : shape.dimensions().get(dimension / 2);
    }

    Optional<ChunkTree.Chunk> find(long row, long line, long place) throws IOException {
      return shape.rank() == 3 ? tree.find(row, line, place) : tree.find(row, place);
    }
  }

  /**
   * Some rows.
   *
   * @param from the number of the first
   * @param data their elements
   */
  private record Block(long from, ByteBuffer data, int rowBytes) {
    boolean holds(long row) {
      return row >= from && row - from < data.limit() / rowBytes;
    }
  }

  RowBlocks(RowDataset dataset) throws IOException {
    this.dataset = dataset;
    this.file = new FileBytes(dataset.file());
    this.chunks =
        dataset
            .layout()
            .chunks()
            .map(
                shape ->
                    new Chunks(
                        shape,
                        new ChunkTree(
                            file,
                            dataset.layout().address(),
                            shape,
                            dataset.superblock().chunkEntries()),
                        new ChunkDecoder(dataset.filters(), shape)));
  }

  /**
   * A line of a row, little-endian. No later call changes it.
   *
   * @param line 0 for ids, 1 for the mask, 2 for labels
   */
  ByteBuffer line(long row, int line) throws IOException {
    if (!current.holds(row)) {
      current = read(row);
    }
    int bytes = dataset.length() * dataset.dtype().bytes();
    int at = (int) (row - current.from) * dataset.rowBytes() + line * bytes;
    return current.data.slice(at, bytes);
  }

  /** Where an element is; in chunks, where its chunk is. The dataset's header if it is nowhere. */
  long address(long row, int line, int place) throws IOException {
    if (dataset.layout().address() == FileBytes.UNDEFINED) {
      return dataset.header();
    }
    if (chunks.isEmpty()) {
      long element = (long) line * dataset.length() + place;
      return contiguous(row) + element * dataset.dtype().bytes();
    }
    Chunks found = chunks.get();
    return found
        .find(
            row - row % found.extent(0),
            line - line % found.extent(1),
            place - place % found.extent(2))
        .map(ChunkTree.Chunk::address)
        .orElse(dataset.header());
  }

  /** How many chunks the dataset has, whether they are stored or not; 0 if it is not chunked. */
  long chunksOfDataset() {
    return chunks
        .map(
            found ->
                pieces(dataset.rows(), found.extent(0))
                    * pieces(dataset.lines(), found.extent(1))
                    * pieces(dataset.length(), found.extent(2)))
        .orElse(0L);
  }

  private static long pieces(long whole, int piece) {
    return (whole + piece - 1) / piece;
  }

  /** Goes through the index; how many chunks are stored. */
  long storedChunks() throws IOException {
    if (chunks.isEmpty()) {
      return 0;
    }
    return dataset.rank() == 3
        ? chunks.get().tree.count(dataset.rows(), dataset.lines(), dataset.length())
        : chunks.get().tree.count(dataset.rows(), dataset.length());
  }

  private Block read(long row) throws IOException {
    int together = chunks.map(found -> found.extent(0)).orElse(CONTIGUOUS_BYTES);
    int most = chunks.isEmpty() ? CONTIGUOUS_BYTES : MAX_BLOCK_BYTES;
    int rowsInBlock = Math.max(1, Math.min(together, most / dataset.rowBytes()));
    long first = row - row % together;
    long from = first + (row - first) / rowsInBlock * rowsInBlock;
    long to = Math.min(Math.min(from + rowsInBlock, first + together), dataset.rows());
    int bytes = (int) (to - from) * dataset.rowBytes();
    if (chunks.isPresent()) {
      byte[] data = new byte[bytes];
      readChunks(chunks.get(), first, from, to, data);
      return new Block(from, ByteBuffer.wrap(data), dataset.rowBytes());
    }
    ByteBuffer data =
        dataset.layout().address() == FileBytes.UNDEFINED
            ? filled(bytes)
            : file.read(contiguous(from), bytes, Hdf5IO.DATASET).data();
    return new Block(from, data, dataset.rowBytes());
  }

  private long contiguous(long row) {
    return dataset.layout().address() + row * dataset.rowBytes();
  }

  private ByteBuffer filled(int bytes) {
    ByteBuffer data = ByteBuffer.allocate(bytes);
    for (int i = 0; dataset.fill() != 0 && i < bytes; i++) {
      data.put(i, (byte) (dataset.fill() >>> (Byte.SIZE * (i % dataset.dtype().bytes()))));
    }
    return data;
  }

  /** Reads the parts of all chunks from row {@code first} on that are in rows from..to. */
  private void readChunks(Chunks found, long first, long from, long to, byte[] data)
      throws IOException {
    for (int line = 0; line < dataset.lines(); line += found.extent(1)) {
      for (int place = 0; place < dataset.length(); place += found.extent(2)) {
        Optional<ChunkTree.Chunk> chunk = found.find(first, line, place);
        byte[] content =
            chunk.isPresent()
                ? found.decoder.read(file, chunk.get())
                : filled(found.shape.bytes()).array();
        copy(found, content, (int) (from - first), (int) (to - from), line, place, data);
      }
    }
  }

  /**
   * Copies rows of a chunk to where they belong.
   *
   * @param skipped how many rows of the chunk are before those wanted
   */
  private void copy(
      Chunks found, byte[] content, int skipped, int rows, int line, int place, byte[] data) {
    int width = dataset.dtype().bytes();
    int lines = Math.min(found.extent(1), dataset.lines() - line);
    int bytes = Math.min(found.extent(2), dataset.length() - place) * width;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < lines; i++) {
        int source = ((skipped + row) * found.extent(1) + i) * found.extent(2) * width;
        int target = ((row * dataset.lines() + line + i) * dataset.length() + place) * width;
        System.arraycopy(content, source, data, target, bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    chunks.ifPresent(found -> found.decoder.close());
    file.close();
  }
}
