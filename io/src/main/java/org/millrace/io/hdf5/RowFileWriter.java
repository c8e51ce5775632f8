package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.Column;
import org.millrace.io.column.LittleEndianOutput;

/**
 * Writes a file of rows: chunks as rows come, then their index, then the head over the place that
 * was kept for it.
 *
 * <pre>
 * RowFile --> FileHead, Chunk^(rows * datasets), ChunkTree^datasets
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
  private final SortedMap<String, DatasetWriter> beside = new TreeMap<>();

  /**
   * Makes a file.
   *
   * @param column what a row is, and the name of the dataset
   * @param gzipLevel 0 for no compression
   */
  RowFileWriter(Path path, Column column, int gzipLevel) throws IOException {
    this(path, column, List.of(), gzipLevel);
  }

  /**
   * Makes a file of several datasets.
   *
   * @param others what else there is of each row; the names of their datasets
   */
  RowFileWriter(Path path, Column column, List<Column> others, int gzipLevel) throws IOException {
    this.name = column.name();
    this.output = new LittleEndianOutput(path);
    this.dataset = new DatasetWriter(column, gzipLevel, output);
    for (Column other : others) {
      beside.put(other.name(), new DatasetWriter(other, gzipLevel, output));
    }
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

  /** Writes what another dataset has of the row that was written last. */
  void write(String other, ByteBuffer value) throws IOException {
    beside.get(other).write(value);
  }

  /** Completes the file. */
  void finish() throws IOException {
    dataset.finish();
    for (DatasetWriter each : beside.values()) {
      each.finish();
    }
    byte[] head = head(output.position());
    output.moveTo(0);
    output.write(head);
    output.flush();
  }

  private byte[] head(long end) {
    SortedMap<String, byte[]> datasets = new TreeMap<>();
    datasets.put(name, dataset.header());
    beside.forEach((other, writer) -> datasets.put(other, writer.header()));
    return FileHead.encode(end, rows(), datasets);
  }

  @Override
  public void close() throws IOException {
    dataset.close();
    beside.values().forEach(DatasetWriter::close);
    output.close();
  }
}
