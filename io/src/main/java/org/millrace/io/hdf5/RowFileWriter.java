package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.Column;
import org.millrace.io.column.LittleEndianOutput;

/**
 * Writes a file of rows: chunks as rows come, then their index, then the head over the place that
 * was kept for it.
 *
 * <pre>
 * RowFile --> FileHead, Chunk^rows, ChunkTree
 * </pre>
 *
 * @see FileHead
 * @see DatasetWriter
 * @see ChunkTreeWriter
 */
final class RowFileWriter implements Closeable {

  private final String name;
  private final LittleEndianOutput output;
  private final DatasetWriter dataset;

  /**
   * Makes a file.
   *
   * @param column what a row is, and the name of the dataset
   * @param gzipLevel 0 for no compression
   */
  RowFileWriter(Path path, Column column, int gzipLevel) throws IOException {
    this.name = column.name();
    this.output = new LittleEndianOutput(path);
    this.dataset = new DatasetWriter(column, gzipLevel, output);
    output.moveTo(head(0).length);
  }

  int rows() {
    return dataset.rows();
  }

  void write(ByteBuffer row) throws IOException {
    dataset.write(row);
  }

  /** Writes the next row as it was stored elsewhere: its finished zlib stream. */
  void writeStored(ByteBuffer stream) throws IOException {
    dataset.writeStored(stream);
  }

  /** Completes the file. */
  void finish() throws IOException {
    dataset.finish();
    byte[] head = head(output.position());
    output.moveTo(0);
    output.write(head);
    output.flush();
  }

  private byte[] head(long end) {
    SortedMap<String, byte[]> datasets = new TreeMap<>();
    datasets.put(name, dataset.header());
    return FileHead.encode(end, rows(), datasets);
  }

  @Override
  public void close() throws IOException {
    dataset.close();
    output.close();
  }
}
