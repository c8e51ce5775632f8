package org.millrace.io.hdf5;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.io.column.DType;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.StoredFormat;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.ledger.StepOutput;

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

  /**
   * Rows that {@link #read} gives, written as they were stored: a row's zlib stream is carried over
   * byte for byte. Their masks are not read, so that padding counts among the tokens.
   *
   * @param rows what is read
   * @param checked whether streams that are fetched only now are inflated, which checks their
   *     Adler-32
   * @param settings of the new files; the level of gzip that they name is that of rows that had to
   *     be encoded anew
   */
  public static ShardSink<Hdf5Row> carried(Hdf5Rows rows, boolean checked, Hdf5Settings settings) {
    checkArgument(
        settings.gzipLevel() > 0,
        "gzipLevel must be in 1..9 where rows are carried as they are stored, was 0");
    checkArgument(
        settings.sequenceLength() == rows.length(),
        "sequenceLength must be %s, that of the rows, was %s",
        rows.length(),
        settings.sequenceLength());
    return new CarriedSink(rows, checked, settings);
  }

  /** Reads rows, or finds where they are; see the with-methods. */
  public static Read read(Hdf5Rows rows) {
    return new AutoValue_Hdf5IO_Read(rows, true, false, 4);
  }

  /**
   * Reads the rows of files with their zlib streams, for {@link #carried}.
   *
   * <p>Input: files of which the heads are known. Output: {@link ReadOutput}.
   *
   * <p>Determinism: ids and streams depend on the files' bytes and relative paths alone.
   *
   * <p>Limits: bounded. Files are read in ranges by many workers, each row by row.
   *
   * <p>Errors: a damaged file, or one that has changed since its head was read, fails the pipeline,
   * with its path, the offset, what was expected and what was found: of rows that are counted none
   * is left out. Always checked are the index, that each stream lies in the file and has a size
   * that a row can have, and the stream's head; see {@link #withChecked}.
   */
  @AutoValue
  public abstract static class Read extends PTransform<PBegin, ReadOutput> {

    /** Enough for the workers of a large job; the Direct runner gets slow by many keys. */
    private static final int SPREAD_BUCKETS = 128;

    abstract Hdf5Rows getRows();

    abstract boolean isInPlace();

    abstract boolean isChecked();

    abstract int getGzipLevel();

    /**
     * Whether streams stay where they are until they are written, so that nothing but their places
     * moves; default true. Each is then read at its own place, which suits local disks; where that
     * is slow, as in object stores, files are better read from begin to end. Rows that have to be
     * encoded anew are read at once in any case.
     */
    public Read withStreamsInPlace(boolean inPlace) {
      return new AutoValue_Hdf5IO_Read(getRows(), inPlace, isChecked(), getGzipLevel());
    }

    /** Whether streams that are read are inflated, which checks their Adler-32; default false. */
    public Read withChecked(boolean checked) {
      return new AutoValue_Hdf5IO_Read(getRows(), isInPlace(), checked, getGzipLevel());
    }

    /** The level, 1 to 9, for rows that are stored in another form; default 4. */
    public Read withGzipLevel(int level) {
      checkArgument(level >= 1 && level <= 9, "gzipLevel must be in 1..9, was %s", level);
      return new AutoValue_Hdf5IO_Read(getRows(), isInPlace(), isChecked(), level);
    }

    @Override
    public ReadOutput expand(PBegin input) {
      return new ReadOutput(
          input
              .apply(
                  "Ranges",
                  Create.of(RowRange.cut(getRows())).withCoder(RowRange.RowRangeCoder.of()))
              .apply(
                  "SpreadRanges", Reshuffle.<RowRange>viaRandomKey().withNumBuckets(SPREAD_BUCKETS))
              .apply(
                  "ReadRows",
                  ParDo.of(new ReadRowsFn(getRows(), isInPlace(), isChecked(), getGzipLevel()))
                      .withOutputTags(
                          ReadRowsFn.ROWS, StepOutput.SIDE_TAGS.and(ReadRowsFn.INPUT_COUNTS))));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("files", getRows().files().size()).withLabel("Files"));
      builder.add(DisplayData.item("inPlace", isInPlace()).withLabel("Streams stay in place"));
      builder.add(DisplayData.item("checked", isChecked()).withLabel("Streams are inflated"));
      builder.add(DisplayData.item("gzipLevel", getGzipLevel()).withLabel("Level of gzip"));
    }
  }

  /** Rows, and how many each file gave. */
  public static final class ReadOutput implements POutput {

    private final StepOutput<Hdf5Row> step;
    private final PCollection<InputCount> inputs;

    private ReadOutput(PCollectionTuple outputs) {
      this.step = StepOutput.of(ReadRowsFn.ROWS, outputs, Hdf5Row.Hdf5RowCoder.of());
      this.inputs = outputs.get(ReadRowsFn.INPUT_COUNTS).setCoder(InputCount.InputCountCoder.of());
    }

    /** The rows, and what the ledger is to say of them. */
    public StepOutput<Hdf5Row> step() {
      return step;
    }

    /** One count for each range of a file, at least one for each file. See {@link InputCount}. */
    public PCollection<InputCount> inputs() {
      return inputs;
    }

    @Override
    public Pipeline getPipeline() {
      return step.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new HashMap<>(step.expand());
      values.put(ReadRowsFn.INPUT_COUNTS, inputs);
      return values;
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private static SortedMap<String, String> properties(Hdf5Settings settings) {
    return new TreeMap<>(
        Map.of(
            "dtype",
            DType.INT32.label(),
            "layout",
            "[rows, 3, " + settings.sequenceLength() + "]: ids, mask, labels"));
  }

  private record CarriedSink(Hdf5Rows rows, boolean checked, Hdf5Settings settings)
      implements ShardSink<Hdf5Row> {

    @Override
    public ShardWriter<Hdf5Row> open(ShardScratch scratch, long samples) {
      return new CarriedRowWriter(scratch, settings, new StoredStreams(rows, checked), samples);
    }

    @Override
    public ShardNaming naming() {
      return settings.names().naming();
    }

    @Override
    public SortedMap<String, String> properties() {
      return Hdf5IO.properties(settings);
    }
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
      SortedMap<String, String> properties = Hdf5IO.properties(settings);
      properties.put(NOT_KEPT, "document ends");
      if (!arrays.isEmpty()) {
        properties.put(
            "columns", String.join(", ", arrays.stream().map(a -> a.column().toString()).toList()));
      }
      return properties;
    }
  }
}
