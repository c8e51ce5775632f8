package org.millrace.io.megatron;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFormat;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * The indexed dataset of Megatron-LM, which it maps into memory: token ids in a {@code .bin}, and
 * where they begin and end in an {@code .idx}. Each shard is a pair, complete in itself: {@code
 * shard-00007_text_document.bin} and {@code .idx}; training takes the path without extension.
 *
 * <pre>
 * Bin --> Token^(sum of Length)                              Token of the type in DType
 * Idx --> Magic, Version, DType, SequenceCount, EntryCount, Length^SequenceCount,
 *         Pointer^SequenceCount, Entry^EntryCount, Mode^SequenceCount?
 *   Magic         --> 9 bytes "MMIDIDX\0\0"
 *   Version       --> uint64 = 1
 *   DType         --> uint8: 1 uint8, 2 int8, 3 int16, 4 int32, 5 int64, 8 uint16
 *   SequenceCount --> uint64
 *   EntryCount    --> uint64: documents + 1
 *   Length        --> int32, in tokens
 *   Pointer       --> int64, in bytes: where the sequence begins in Bin
 *   Entry         --> int64: 0, then for each document the number of sequences up to its end
 *   Mode          --> int8: 0 text, 1 image; in multimodal files only, and not written here
 * </pre>
 *
 * All little-endian, without any alignment.
 *
 * <p>Determinism: equal samples in equal order give equal bytes, and those of Megatron-LM's own
 * builder. Limits: memory is bounded, numbers are 64 bits wide; a shard needs at least one token,
 * because no reader of the format opens an empty {@code .bin}.
 *
 * <pre>{@code
 * ShardSink<PackedSequence> sink = MegatronIO.sequences(MegatronSettings.of(50257));
 * }</pre>
 *
 * @see <a href="https://github.com/NVIDIA/Megatron-LM">Megatron-LM,
 *     megatron/core/datasets/indexed_dataset.py</a>
 */
public final class MegatronIO {

  /** The format's name, and its folder's. */
  public static final String FORMAT = "megatron";

  private static final Set<DType> FOR_TRAINING = Set.of(DType.UINT16, DType.INT32);

  private MegatronIO() {}

  /** Packed sequences: one sequence and one document each, padding included. */
  public static ShardSink<PackedSequence> sequences(MegatronSettings settings) {
    return sequenceRows(settings, List.of()).of(TokenRow::of);
  }

  /**
   * Rows of one length, as packed sequences, with arrays beside them: each in a pair of its own, as
   * {@code shard-00007_text_document.target_index.bin} and {@code .idx}, in which sequence {@code
   * i} is the array of row {@code i}. What is float16 elsewhere is float32 here.
   */
  public static ShardSink<TokenRow> sequenceRows(
      MegatronSettings settings, List<RowColumn> arrays) {
    checkForTraining(settings);
    return new Sink(
        settings,
        "one packed sequence a document",
        "document ends, labels, mask",
        List.copyOf(arrays));
  }

  /** Documents: one sequence each. */
  public static ShardSink<TokenizedDocument> documents(MegatronSettings settings) {
    checkForTraining(settings);
    return new Sink(settings, "one sequence a document", "", List.of()).of(TokenRow::of);
  }

  /**
   * Rows: one sequence each, of documents that end where {@link TokenRow#documentsEnded} says so.
   * Those of several pairs, one after another, give the pair that Megatron-LM makes when it merges
   * them.
   */
  public static ShardSink<TokenRow> rows(MegatronSettings settings) {
    return new Sink(settings, "one sequence a sample", "", List.of());
  }

  /** Finds and opens pairs, also those whose {@code .bin} is in parts. */
  public static StoredFormat format() {
    return new MegatronFormat();
  }

  /**
   * Writes an {@code .idx} anew from the lengths in it: the pointers are computed; the document
   * index and the modes are kept. Where the document index has fewer documents than there are
   * sequences to close, each of the sequences left is a document; where it contradicts itself or is
   * cut off, all are.
   *
   * @param idx what is to be repaired; it is not changed
   * @param binBytes the size of its {@code .bin}
   * @param target takes the new {@code .idx}; is not closed
   * @return what was not right
   * @throws IOException when the head or the lengths are damaged, or do not make {@code binBytes}:
   *     with the file, the offset, what was expected and what was found
   */
  public static IndexRepair repairIndex(StoredFile idx, long binBytes, OutputStream target)
      throws IOException {
    return IndexRepair.write(idx, binBytes, target);
  }

  private static void checkForTraining(MegatronSettings settings) {
    checkArgument(
        FOR_TRAINING.contains(settings.elementType()),
        "dtype must be auto, uint16 or int32, was %s: Megatron-LM trains on no other",
        settings.dtype());
  }

  private record Sink(
      MegatronSettings settings, String layout, String notKept, List<RowColumn> arrays)
      implements ShardSink<TokenRow> {

    Sink {
      DType unused = settings.elementType(); // refuses what has none, before anything runs
    }

    @Override
    public ShardWriter<TokenRow> open(ShardScratch scratch, long samples) throws IOException {
      return new MegatronWriter(scratch, samples, settings, arrays);
    }

    @Override
    public ShardNaming naming() {
      String prefix = settings.prefix();
      String suffix = "_" + settings.key() + "_document";
      return place -> place.stem(prefix) + suffix + place.extension();
    }

    @Override
    public SortedMap<String, String> properties() {
      SortedMap<String, String> properties =
          new TreeMap<>(Map.of("dtype", settings.elementType().label(), "layout", layout));
      if (!notKept.isEmpty()) {
        properties.put(NOT_KEPT, notKept);
      }
      if (!arrays.isEmpty()) {
        properties.put(
            "columns", String.join(", ", arrays.stream().map(a -> a.column().toString()).toList()));
      }
      return properties;
    }
  }
}
