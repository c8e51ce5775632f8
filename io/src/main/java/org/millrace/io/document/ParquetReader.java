package org.millrace.io.document;

import java.io.IOException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/**
 * Reads a row a document, from the columns that are needed and one row group at a time. A row's
 * place is its number in the file.
 *
 * <p>A row group belongs to the range in which it begins. Where one is damaged, its rows before the
 * damage are kept, the rest of it is one bad record, and the next row group is read.
 */
final class ParquetReader implements RecordReader {

  private final ReadSettings settings;

  ParquetReader(ReadSettings settings) {
    this.settings = settings;
  }

  @Override
  public void read(RangeContent content, RecordReceiver receiver) throws IOException {
    ParquetInput input = new ParquetInput(content.source());
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs())
            .build();
    ParquetFileReader file;
    ParquetRows rows;
    try {
      file = ParquetFileReader.open(input, options);
      rows = new ParquetRows(settings, file.getFileMetaData().getSchema());
      // Damaged files make the library fail in many ways, unchecked ones among them.
    } catch (IOException | RuntimeException e) {
      input.rethrow();
      if (content.start() == 0) {
        receiver.bad(0, damaged(e), "");
      }
      return;
    }
    try (file) {
      readGroups(content, input, file, rows, receiver);
    }
  }

  private static void readGroups(
      RangeContent content,
      ParquetInput input,
      ParquetFileReader file,
      ParquetRows rows,
      RecordReceiver receiver)
      throws IOException {
    long firstRow = 0;
    int index = 0;
    for (BlockMetaData group : file.getRowGroups()) {
      // A damaged footer may name a place outside the file; each group must have one owner.
      long place = Math.min(Math.max(0, group.getStartingPos()), content.source().bytes() - 1);
      if (place >= content.start() && place < content.end()) {
        if (rows.hasText()) {
          readGroup(input, file, index, firstRow, rows, receiver);
        } else {
          for (long row = 0; row < group.getRowCount(); row++) {
            receiver.bad(firstRow + row, rows.noText(), "");
          }
        }
        receiver.consumed(group.getCompressedSize());
      }
      firstRow += Math.max(0, group.getRowCount());
      index++;
    }
  }

  private static void readGroup(
      ParquetInput input,
      ParquetFileReader file,
      int index,
      long firstRow,
      ParquetRows rows,
      RecordReceiver receiver)
      throws IOException {
    long row = firstRow;
    try (ParquetRowGroup group = new ParquetRowGroup(input, file, index, rows.projection())) {
      for (; group.hasNext(); row++) {
        rows.read(group.next(), row, receiver);
      }
    } catch (DamageException e) {
      receiver.bad(row, damaged(e), "");
    }
  }

  private static RecordException damaged(Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return RecordException.damagedFile("not readable as Parquet: " + reason);
  }
}
