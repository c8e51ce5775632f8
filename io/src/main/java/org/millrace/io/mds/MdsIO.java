package org.millrace.io.mds;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.AnnotatedWindow;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * Mosaic's MDS in version 2, which {@code streaming.StreamingDataset} reads: shards of samples with
 * any columns, and {@code index.json}, which lists them.
 *
 * <p>{@link #sequences} and {@link #documents}: a column {@code tokens}, {@code ndarray:uint16} for
 * vocabularies up to 65,536, else {@code ndarray:uint32}. {@link #columns}: whatever is wanted.
 *
 * <p>Columns are stored in the order of their names. Equal samples and settings give equal bytes,
 * compressed or not.
 *
 * @see MdsSettings
 * @see MdsColumn
 * @see <a href="https://github.com/mosaicml/streaming">streaming</a>
 */
public final class MdsIO {

  /** The format's name, and its folder's. */
  public static final String FORMAT = MdsConfig.FORMAT;

  static final String EXTENSION = ".mds";

  /** What sequences have and a recipe may leave out. */
  private static final Map<String, String> CAN_BE_LOST =
      Map.of(Column.DOCUMENT_ENDS, "document ends", Column.LABELS, "labels", Column.MASK, "mask");

  private MdsIO() {}

  /**
   * Samples of any kind.
   *
   * @param columns at least one, with different names
   */
  public static <T> ShardSink<T> columns(List<MdsColumn<T>> columns, MdsSettings settings) {
    return new MdsSink<>(columns, settings, new MdsCounts.None<>(), Map.of());
  }

  /**
   * Packed sequences: {@code tokens}, padding included, and what else is asked for.
   *
   * @param vocabularySize every id is below it; another one is an error
   * @param extras see {@link #rows}
   */
  public static ShardSink<PackedSequence> sequences(
      int vocabularySize, Set<String> extras, MdsSettings settings) {
    return rows(vocabularySize, dtype(vocabularySize), extras, settings).of(TokenRow::of);
  }

  /**
   * Documents of any length but 0, which MDS cannot store.
   *
   * @param vocabularySize every id is below it; another one is an error
   */
  public static ShardSink<TokenizedDocument> documents(int vocabularySize, MdsSettings settings) {
    return documents(vocabularySize, dtype(vocabularySize), Set.of(), settings);
  }

  /**
   * As the other, in a type, and with what else is asked for.
   *
   * @param extras see {@link #rows}
   */
  public static ShardSink<TokenizedDocument> documents(
      int vocabularySize, DType dtype, Set<String> extras, MdsSettings settings) {
    Map<String, String> facts = Map.of("dtype", dtype.label());
    List<MdsColumn<TokenRow>> columns = columns(vocabularySize, dtype, extras);
    return new MdsSink<>(columns, settings, new MdsCounts.Rows(false), facts).of(TokenRow::of);
  }

  /**
   * Rows of one token or more: {@code tokens}, padding included, and what else is asked for.
   *
   * @param vocabularySize every id is below it, another one is an error; {@link Integer#MAX_VALUE}
   *     where it is not known
   * @param dtype the type of {@code tokens} and {@code labels}; an id that does not fit is an error
   * @param extras any of {@link Column#DOCUMENT_ENDS} ({@code json}: a list of numbers, as there
   *     may be none), {@link Column#MASK} ({@code ndarray:uint8}), {@link Column#LABELS}, {@link
   *     Column#DOCUMENTS_ENDED} and {@link Column#DOCUMENTS_BEFORE} ({@code int})
   */
  public static ShardSink<TokenRow> rows(
      int vocabularySize, DType dtype, Set<String> extras, MdsSettings settings) {
    return rows(vocabularySize, dtype, extras, List.of(), settings);
  }

  /**
   * As the other, with arrays beside the tokens.
   *
   * @param arrays each becomes a column of arrays of one shape
   */
  public static ShardSink<TokenRow> rows(
      int vocabularySize,
      DType dtype,
      Set<String> extras,
      List<RowColumn> arrays,
      MdsSettings settings) {
    List<MdsColumn<TokenRow>> columns = columns(vocabularySize, dtype, extras);
    for (RowColumn array : arrays) {
      columns.add(new MdsColumn<>(array.column(), array::of));
    }
    TreeMap<String, String> facts = new TreeMap<>(Map.of("dtype", dtype.label()));
    TreeMap<String, String> lost = new TreeMap<>(CAN_BE_LOST);
    lost.keySet().removeAll(extras);
    if (!lost.isEmpty()) {
      facts.put(ShardSink.NOT_KEPT, String.join(", ", lost.values()));
    }
    return new MdsSink<>(columns, settings, new MdsCounts.Rows(true), facts);
  }

  private static List<MdsColumn<TokenRow>> columns(
      int vocabularySize, DType dtype, Set<String> extras) {
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    checkArgument(dtype.isInteger(), "dtype: expected whole numbers, got %s", dtype.label());
    List<MdsColumn<TokenRow>> columns = new ArrayList<>();
    columns.add(ids(Column.TOKENS, vocabularySize, dtype, TokenRow::tokens));
    for (String extra : extras) {
      columns.add(extra(extra, vocabularySize, dtype));
    }
    return columns;
  }

  private static MdsColumn<TokenRow> extra(String name, int vocabularySize, DType dtype) {
    return switch (name) {
      case Column.LABELS -> ids(name, vocabularySize, dtype, TokenRow::labels);
      case Column.MASK -> new MdsColumn<>(Column.array(name, DType.UINT8), TokenRow::mask);
      case Column.DOCUMENT_ENDS ->
          new MdsColumn<>(
              new Column(name, "json"), row -> Arrays.stream(row.documentEnds()).boxed().toList());
      case Column.DOCUMENTS_ENDED ->
          new MdsColumn<>(new Column(name, "int"), TokenRow::documentsEnded);
      case Column.DOCUMENTS_BEFORE ->
          new MdsColumn<>(new Column(name, "int"), TokenRow::documentsBefore);
      default ->
          throw new IllegalArgumentException(
              "extras: expected of document_ends, documents_before, documents_ended, labels, mask,"
                  + " got "
                  + name);
    };
  }

  private static DType dtype(int vocabularySize) {
    return DType.UINT16.holds(vocabularySize - 1) ? DType.UINT16 : DType.UINT32;
  }

  private static MdsColumn<TokenRow> ids(
      String name, int vocabularySize, DType dtype, SerializableFunction<TokenRow, TokenIds> of) {
    return new MdsColumn<>(
        Column.array(name, dtype),
        row -> {
          TokenIds ids = of.apply(row);
          LittleEndianOutput.checkIds(ids, row.id(), vocabularySize, dtype);
          return ids;
        });
  }

  /**
   * Windows of a corpus as CEPE's samplers write them: {@code domain} ({@code str}), {@code
   * prev_token_ids}, the tokens before, and {@code token_ids}, its own; neither may be empty.
   *
   * @param vocabularySize every id is below it; another one is an error
   * @param dtype the type of ids; empty for pickles of int64, as the original has them
   * @param index whether the window's number in its folder goes with it, as {@code index} ({@code
   *     int}): with the domain it is the sample's key
   */
  public static ShardSink<TokenWindow> windows(
      int vocabularySize, Optional<DType> dtype, boolean index, MdsSettings settings) {
    return WindowColumns.sink(vocabularySize, dtype, index, settings);
  }

  /**
   * Windows of a corpus with a teacher's targets: {@code domain} ({@code str}) and {@code index}
   * ({@code int}), which are their key, {@code target_index} and {@code target_prob}.
   *
   * @param index the type of ids in {@code target_index}: uint16 or int32
   * @param pickled whether arrays are {@code pkl}, as CEPE's readers want them
   * @param extras any of {@link Column#TOKEN_IDS} and {@link Column#PREVIOUS_TOKENS}, which may not
   *     be empty
   */
  public static ShardSink<AnnotatedWindow> targets(
      DType index, boolean pickled, Set<String> extras, MdsSettings settings) {
    return TargetSamples.sink(index, pickled, extras, settings);
  }

  /**
   * Samples that were read from another dataset. What comes from MDS with an equal type of column
   * is not decoded on its way. Tokens are counted in the column of token ids, padding included.
   *
   * @param columns each is in every sample
   */
  public static ShardSink<StoredSample> copy(List<Column> columns, MdsSettings settings) {
    List<MdsColumn<StoredSample>> copied = new ArrayList<>();
    for (Column column : columns) {
      copied.add(new MdsColumn<>(column, sample -> value(sample, column)));
    }
    return new MdsSink<>(copied, settings, new MdsCounts.Copied(List.copyOf(columns)), Map.of());
  }

  private static Object value(StoredSample sample, Column column) {
    try {
      int index =
          sample
              .index(column.name())
              .orElseThrow(
                  () ->
                      new IOException("expected a column " + column + ", got " + sample.columns()));
      if (sample instanceof MdsSample && sample.columns().get(index).equals(column)) {
        return sample.encoded(index).orElseThrow();
      }
      return sample.value(index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finds and opens what streaming and {@link #columns} write. */
  public static StoredFormat format() {
    return new MdsFormat();
  }

  /**
   * Makes the index that a folder should have from its shards alone: byte for byte as it was
   * written, as long as its shards were, in the order of their numbers.
   *
   * @param folder listed at the place where the index is to be; shards may be in folders below it
   * @throws IOException when there is no shard, or one is damaged: with the file, the offset, what
   *     was expected and what was found
   */
  public static byte[] rebuildIndex(StoredFolder folder) throws IOException {
    return IndexRepair.rebuild(folder);
  }
}
