package org.millrace.io.document;

import java.io.Closeable;
import java.io.IOException;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * The rows of a row group. Where the file is damaged it throws a {@link DamageException}: the
 * library fails in many ways then, unchecked ones among them.
 */
final class ParquetRowGroup implements Closeable {

  private final ParquetInput input;
  private final PageReadStore pages;
  private final RecordReader<Group> rows;
  private long row;

  ParquetRowGroup(ParquetInput input, ParquetFileReader file, int index, MessageType columns)
      throws IOException {
    this.input = input;
    try {
      file.setRequestedSchema(columns);
      this.pages = file.readRowGroup(index);
      this.rows =
          new ColumnIOFactory()
              .getColumnIO(columns)
              .getRecordReader(pages, new GroupRecordConverter(columns));
    } catch (IOException | RuntimeException e) {
      throw damage(e);
    }
  }

  boolean hasNext() {
    return row < pages.getRowCount();
  }

  /** The values of the next row. */
  Group next() throws IOException {
    try {
      Group group = rows.read();
      row++;
      return group;
    } catch (RuntimeException e) {
      throw damage(e);
    }
  }

  private DamageException damage(Exception e) throws IOException {
    input.rethrow();
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new DamageException(row, reason, e);
  }

  @Override
  public void close() {
    pages.close();
  }
}
