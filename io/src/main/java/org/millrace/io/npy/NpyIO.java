package org.millrace.io.npy;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
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
    return new SequenceSink(length, vocabularySize);
  }

  /**
   * Documents of any length.
   *
   * @param vocabularySize every id is below it; another one is an error
   */
  public static ShardSink<TokenizedDocument> documents(int vocabularySize) {
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    return new DocumentSink(vocabularySize);
  }

  /**
   * Reads {@link #sequences} or {@link #documents} back.
   *
   * @param properties what the manifest says of the files
   */
  public static ShardReader reader(SortedMap<String, String> properties) {
    return properties.getOrDefault("layout", "").equals(DOCUMENT_LAYOUT)
        ? new NpyDocumentReader()
        : new NpySequenceReader(properties.getOrDefault("dtype", ""));
  }

  private static ShardNaming shardNaming() {
    return new ShardNaming("shard", List.of(".npy"));
  }

  private record SequenceSink(int length, int vocabularySize) implements ShardSink<PackedSequence> {

    @Override
    public ShardWriter<PackedSequence> open(ShardScratch scratch, long samples) throws IOException {
      return new NpySequenceWriter(
          scratch.newFile(".npy"),
          NpyHeader.of(DType.forVocabulary(vocabularySize), samples, length),
          vocabularySize);
    }

    @Override
    public ShardNaming naming() {
      return shardNaming();
    }

    @Override
    public SortedMap<String, String> properties() {
      return new TreeMap<>(
          Map.of(
              "dtype",
              DType.forVocabulary(vocabularySize).label(),
              "layout",
              "[samples, " + length + "]"));
    }
  }

  private record DocumentSink(int vocabularySize) implements ShardSink<TokenizedDocument> {

    @Override
    public ShardWriter<TokenizedDocument> open(ShardScratch scratch, long samples)
        throws IOException {
      return new NpyDocumentWriter(scratch, samples, vocabularySize);
    }

    @Override
    public ShardNaming naming() {
      return shardNaming();
    }

    @Override
    public SortedMap<String, String> properties() {
      return new TreeMap<>(Map.of("dtype", DType.INT64.label(), "layout", DOCUMENT_LAYOUT));
    }
  }
}
