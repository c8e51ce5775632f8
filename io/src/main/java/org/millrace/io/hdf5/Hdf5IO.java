package org.millrace.io.hdf5;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.StoredFormat;
import org.millrace.transforms.data.PackedSequence;

/**
 * HDF5 files of training rows, as Cerebras' readers want them: a dataset {@code data} of int32
 * {@code [rows, 3, sequenceLength]}, little-endian, whose three lines are the ids, the loss mask
 * and the labels of a row; and at the root an attribute {@code n_examples}, the number of rows.
 * Padding is in the rows, masked; document ends are not.
 *
 * <p>Each row is a chunk of its own, a zlib stream. Equal rows give equal files: there is no time
 * and no name of a library in them. What the streams look like is zlib's doing; a Java that brings
 * another deflate library in its place (as zlib-ng) gives streams of equal content but other bytes.
 *
 * <p>Files of other writers are read too, see {@link #format}.
 *
 * @see RowFileWriter
 */
public final class Hdf5IO {

  /** The format's name, and its folder's. */
  public static final String FORMAT = "hdf5";

  static final String EXTENSION = ".h5";

  /** The dataset that the readers open. */
  static final String DATASET = "data";

  /** The attribute that holds the number of rows. */
  static final String ROW_COUNT = "n_examples";

  /** The lines of a row: ids, loss mask, labels. */
  static final int LINES = 3;

  private Hdf5IO() {}

  /** Packed sequences. */
  public static ShardSink<PackedSequence> sequences(Hdf5Settings settings) {
    return rows(settings).of(TokenRow::of);
  }

  /** Rows of any kind, each with its mask and labels. */
  public static ShardSink<TokenRow> rows(Hdf5Settings settings) {
    return rows(settings, List.of());
  }

  /**
   * As the other, with arrays beside: each in a dataset of its own, {@code [rows, ...]}.
   *
   * @param arrays at most 7
   */
  public static ShardSink<TokenRow> rows(Hdf5Settings settings, List<RowColumn> arrays) {
    return new RowSink(settings, List.copyOf(arrays));
  }

  /**
   * Finds and opens files with the extension h5 or hdf5 whose dataset {@code data} holds whole
   * numbers: {@code [rows, 3, length]} as above, or {@code [rows, length]}, which are token ids
   * alone.
   *
   * <p>The superblock must be of version 0 or 1, as the HDF5 library writes by default; chunks may
   * have any shape, and be deflated, shuffled and checksummed; contiguous data is read as well.
   */
  public static StoredFormat format() {
    return new Hdf5Format();
  }

  private record RowSink(Hdf5Settings settings, List<RowColumn> arrays)
      implements ShardSink<TokenRow> {

    @Override
    public ShardWriter<TokenRow> open(ShardScratch scratch, long samples) {
      return new RowShardWriter(scratch, settings, arrays, samples);
    }

    @Override
    public ShardNaming naming() {
      return settings.names().naming();
    }

    @Override
    public SortedMap<String, String> properties() {
      TreeMap<String, String> properties =
          new TreeMap<>(
              Map.of(
                  "dtype",
                  DType.INT32.label(),
                  "layout",
                  "[rows, 3, " + settings.sequenceLength() + "]: ids, mask, labels",
                  NOT_KEPT,
                  "document ends"));
      if (!arrays.isEmpty()) {
        properties.put(
            "columns", String.join(", ", arrays.stream().map(a -> a.column().toString()).toList()));
      }
      return properties;
    }
  }
}
