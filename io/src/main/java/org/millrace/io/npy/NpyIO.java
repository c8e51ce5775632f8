package org.millrace.io.npy;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
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
 * <p>{@link #sequences}: one array {@code [samples, sequenceLength]} a shard, uint16 for
 * vocabularies up to 65,536, else int32, little-endian. Padding is in the array; document ends are
 * not: see the manifest's end-of-text token.
 *
 * <p>{@link #documents}: one array of one dimension a shard, in the layout of CEPE.
 *
 * <pre>
 * Documents --> n, Length^n, Token^(sum of lengths)          all int64
 * </pre>
 *
 * @see NpyHeader
 */
public final class NpyIO {

  /** The format's name, and its folder's. */
  public static final String FORMAT = "npy";

  static final String EXTENSION = ".npy";

  private static final String DOCUMENT_LAYOUT = "[n][lengths][tokens]";

  private NpyIO() {}

  /**
   * Sequences of equal length.
   *
   * @param length the tokens in each
   * @param vocabularySize every id is below it; another one is an error
   */
  public static ShardSink<PackedSequence> sequences(int length, int vocabularySize) {
    checkArgument(length > 0, "length must be 1 or more, was %s", length);
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    return new SequenceSink(length, vocabularySize).of(TokenRow::of);
  }

  /**
   * Documents of any length.
   *
   * @param vocabularySize every id is below it; another one is an error
   */
  public static ShardSink<TokenizedDocument> documents(int vocabularySize) {
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    return new DocumentSink(vocabularySize).of(TokenRow::of);
  }

  /** Finds and opens both kinds. */
  public static StoredFormat format() {
    return new NpyFormat();
  }

  private record SequenceSink(int length, int vocabularySize) implements ShardSink<TokenRow> {

    @Override
    public ShardWriter<TokenRow> open(ShardScratch scratch, long samples) throws IOException {
      return new NpySequenceWriter(
          scratch.newFile(".npy"),
          NpyHeader.of(DType.forVocabulary(vocabularySize), samples, length),
          vocabularySize);
    }

    @Override
    public ShardNaming naming() {
      return ShardNaming.byShard("shard");
    }

    @Override
    public SortedMap<String, String> properties() {
      return new TreeMap<>(
          Map.of(
              "dtype",
              DType.forVocabulary(vocabularySize).label(),
              "layout",
              "[samples, " + length + "]",
              NOT_KEPT,
              "document ends, labels, mask"));
    }
  }

  private record DocumentSink(int vocabularySize) implements ShardSink<TokenRow> {

    @Override
    public ShardWriter<TokenRow> open(ShardScratch scratch, long samples) throws IOException {
      return new NpyDocumentWriter(scratch, samples, vocabularySize);
    }

    @Override
    public ShardNaming naming() {
      return ShardNaming.byShard("shard");
    }

    @Override
    public SortedMap<String, String> properties() {
      return new TreeMap<>(Map.of("dtype", DType.INT64.label(), "layout", DOCUMENT_LAYOUT));
    }
  }
}
