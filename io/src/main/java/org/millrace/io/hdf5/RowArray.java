package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.millrace.io.column.Column;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.Finding;

/**
 * A dataset that has an array for each row.
 *
 * @param name of the dataset, and of the column
 */
record RowArray(String name, RowDataset dataset) {

  /** The array of a dataset, which must have as many rows as the one of tokens. */
  static RowArray of(String name, RowDataset dataset, long rows) throws IOException {
    if (dataset.rows() != rows) {
      throw new IOException(
          Finding.at(
                  dataset.file().path(),
                  dataset.header(),
                  name + ": rows",
                  rows + ", as many as of data",
                  dataset.rows())
              .toString());
    }
    return new RowArray(name, dataset);
  }

  private List<Integer> shape() {
    return dataset.rank() == 2
        ? List.of(dataset.length())
        : List.of(dataset.lines(), dataset.length());
  }

  Column column() {
    return Column.array(name, dataset.dtype(), shape());
  }

  /** The array of a row. */
  NdArray read(RowBlocks blocks, long row) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(dataset.rowBytes());
    for (int line = 0; line < dataset.lines(); line++) {
      all.put(blocks.line(row, line));
    }
    return new NdArray(dataset.dtype(), shape(), all.flip());
  }
}
