package org.millrace.io.hdf5;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Rows of one file, which one worker reads.
 *
 * @param file the number of the file
 * @param from the first row
 * @param to the row behind the last one
 */
record RowRange(int file, long from, long to) {

  /** So many rows of 2,048 tokens are some 40 MB as they are stored. */
  private static final int MOST_ROWS = 1 << 13;

  /** Cuts the wanted rows of all files into ranges; each file has one, if without rows. */
  static List<RowRange> cut(Hdf5Rows rows) {
    List<RowRange> ranges = new ArrayList<>();
    for (int i = 0; i < rows.files().size(); i++) {
      Hdf5RowFile file = rows.files().get(i);
      long from = file.from();
      while (file.to() - from > MOST_ROWS) {
        ranges.add(new RowRange(i, from, from + MOST_ROWS));
        from += MOST_ROWS;
      }
      ranges.add(new RowRange(i, from, file.to()));
    }
    return ranges;
  }

  /** Writes the fields in their order. */
  static final class RowRangeCoder extends AtomicCoder<RowRange> {
    private static final RowRangeCoder INSTANCE = new RowRangeCoder();

    private RowRangeCoder() {}

    static RowRangeCoder of() {
      return INSTANCE;
    }

    @Override
    public void encode(RowRange range, OutputStream out) throws IOException {
      VarInt.encode(range.file, out);
      VarInt.encode(range.from, out);
      VarInt.encode(range.to, out);
    }

    @Override
    public RowRange decode(InputStream in) throws IOException {
      return new RowRange(VarInt.decodeInt(in), VarInt.decodeLong(in), VarInt.decodeLong(in));
    }
  }
}
