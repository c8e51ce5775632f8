package org.millrace.io.npy;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
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
import org.millrace.transforms.data.TokenizedDocument;

/**
 * npy files, which {@code numpy.load} opens, also with {@code mmap_mode="r"}.
 *
 * <p>Sequences: one array {@code [samples, sequenceLength]} a shard, little-endian; uint16 for
 * vocabularies up to 65,536, else int32, or any type of whole numbers that is asked for. Padding is
 * in the array; document ends are not: see the manifest's end-of-text token.
 *
 * <p>Documents: one array of one dimension a shard, in the layout of CEPE, whose int64 is the
 * standard here too. In a narrower type n and every length must fit as well.
 *
 * <pre>
 * Documents --> n, Length^n, Token^(sum of lengths)          all of one type
 * </pre>
 *
 * <p>Errors: an id that is not in the vocabulary, or does not fit the type, and a document that is
 * too long for it, is an IllegalArgumentException that names the sample.
 *
 * @see NpyHeader
 */
public final class NpyIO {

  /** The format's name, and its folder's. */
  public static final String FORMAT = "npy";

  static final String EXTENSION = ".npy";

  static final String DOCUMENT_LAYOUT = "[n][lengths][tokens]";

  private NpyIO() {}

  /**
   * Sequences of equal length, in the narrower of uint16 and int32.
   *
   * @param length the tokens in each
   * @param vocabularySize every id is below it; another one is an error
   */
  public static ShardSink<PackedSequence> sequences(int length, int vocabularySize) {
    return sequenceRows(length, vocabularySize, narrowest(vocabularySize)).of(TokenRow::of);
  }

  /** As {@link #sequences(int, int)}, in a type of whole numbers that holds the vocabulary. */
  public static ShardSink<PackedSequence> sequences(int length, int vocabularySize, DType dtype) {
    return sequenceRows(length, vocabularySize, dtype).of(TokenRow::of);
  }

  /**
   * Rows of equal length.
   *
   * @param vocabularySize every id is below it; {@link Integer#MAX_VALUE} where it is not known
   */
  public static ShardSink<TokenRow> sequenceRows(int length, int vocabularySize, DType dtype) {
    return sequenceRows(length, vocabularySize, dtype, List.of());
  }

  /**
   * As the other, with arrays beside the tokens: each in a file of its own, as {@code
   * shard-00007.target_index.npy}, {@code [samples, ...]}.
   *
   * @param arrays of which each has a name that {@link #format} knows
   */
  public static ShardSink<TokenRow> sequenceRows(
      int length, int vocabularySize, DType dtype, List<RowColumn> arrays) {
    checkArgument(length > 0, "length must be 1 or more, was %s", length);
    return new SequenceSink(
        length, vocabularySize, checked(vocabularySize, dtype), List.copyOf(arrays));
  }

  /**
   * Documents of any length, in int64.
   *
   * @param vocabularySize every id is below it; another one is an error
   */
  public static ShardSink<TokenizedDocument> documents(int vocabularySize) {
    return documents(vocabularySize, DType.INT64);
  }

  /** As {@link #documents(int)}, in a type of whole numbers that holds the vocabulary. */
  public static ShardSink<TokenizedDocument> documents(int vocabularySize, DType dtype) {
    return documentRows(vocabularySize, dtype).of(TokenRow::of);
  }

  /**
   * As {@link #documents(int, DType)}, for a file of each input file: one without documents is
   * written too, as {@code [0]}, so that none seems to be missing.
   */
  public static ShardSink<TokenizedDocument> documentFiles(int vocabularySize, DType dtype) {
    return new DocumentSink(vocabularySize, checked(vocabularySize, dtype), true).of(TokenRow::of);
  }

  /**
   * Rows of any length, each as a document.
   *
   * @param vocabularySize every id is below it; {@link Integer#MAX_VALUE} where it is not known
   */
  public static ShardSink<TokenRow> documentRows(int vocabularySize, DType dtype) {
    return new DocumentSink(vocabularySize, checked(vocabularySize, dtype), false);
  }

  private static DType narrowest(int vocabularySize) {
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    return DType.forVocabulary(vocabularySize);
  }

  private static DType checked(int vocabularySize, DType dtype) {
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    checkArgument(
        dtype.isInteger(),
        "dtype must be one of whole numbers for token ids, was %s",
        dtype.label());
    checkArgument(
        vocabularySize == Integer.MAX_VALUE || dtype.holds(vocabularySize - 1),
        "dtype %s does not hold all ids of a vocabulary of %s; choose a wider one, as %s",
        dtype.label(),
        vocabularySize,
        DType.forVocabulary(vocabularySize).label());
    return dtype;
  }

  /** Finds and opens both kinds. */
  public static StoredFormat format() {
    return new NpyFormat();
  }

  static String sequenceLayout(int length) {
    return "[samples, " + length + "]";
  }

  private record SequenceSink(int length, int vocabularySize, DType dtype, List<RowColumn> arrays)
      implements ShardSink<TokenRow> {

    @Override
    public ShardWriter<TokenRow> open(ShardScratch scratch, long samples) throws IOException {
      return NpySequenceWriter.open(
          scratch, NpyHeader.of(dtype, samples, length), vocabularySize, arrays);
    }

    @Override
    public ShardNaming naming() {
      return ShardNaming.byShard("shard");
    }

    @Override
    public SortedMap<String, String> properties() {
      TreeMap<String, String> properties =
          new TreeMap<>(
              Map.of(
                  "dtype",
                  dtype.label(),
                  "layout",
                  sequenceLayout(length),
                  NOT_KEPT,
                  "document ends, labels, mask"));
      if (!arrays.isEmpty()) {
        properties.put(
            "columns", String.join(", ", arrays.stream().map(a -> a.column().toString()).toList()));
      }
      return properties;
    }
  }

  private record DocumentSink(int vocabularySize, DType dtype, boolean writesEmpty)
      implements ShardSink<TokenRow> {

    @Override
    public ShardWriter<TokenRow> open(ShardScratch scratch, long samples) throws IOException {
      return new NpyDocumentWriter(scratch.newFile(EXTENSION), samples, vocabularySize, dtype);
    }

    @Override
    public ShardNaming naming() {
      return ShardNaming.byShard("shard");
    }

    @Override
    public SortedMap<String, String> properties() {
      return new TreeMap<>(Map.of("dtype", dtype.label(), "layout", DOCUMENT_LAYOUT));
    }
  }
}
