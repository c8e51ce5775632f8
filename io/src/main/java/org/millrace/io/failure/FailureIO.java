package org.millrace.io.failure;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedGroups;
import org.millrace.transforms.sort.SortedSpool;

/**
 * Writes the records that could not be used.
 *
 * <p>Output: {@code <output>/failures/bad-records.jsonl}, a JSON object a line with the keys {@code
 * stage}, {@code id}, {@code source}, {@code exception}, {@code message} and {@code record}, in the
 * order of the input. Where there are none, nothing is written.
 *
 * <p>Determinism: depends on the records alone.
 *
 * <p>Guarantees: the file is complete as soon as it is there, and is there before the result is. A
 * retry writes the same bytes to the same name. Bounded input only; the records are spooled to
 * local disk, never held in memory.
 *
 * <pre>{@code
 * PCollection<Long> badRecords =
 *     accounts.badRecords(pipeline).apply("WriteFailures", FailureIO.write().to(output));
 * }</pre>
 */
public final class FailureIO {

  /** The folder below the output. */
  public static final String FOLDER = "failures";

  /** The file in that folder. */
  public static final String FILE = "bad-records.jsonl";

  private FailureIO() {}

  /** A write; it needs {@link Write#to}. */
  public static Write write() {
    return new AutoValue_FailureIO_Write("");
  }

  /** Writes bad records; the result is one element, their number, as soon as the file is there. */
  @AutoValue
  public abstract static class Write extends PTransform<PCollection<BadRecord>, PCollection<Long>> {

    abstract String getOutput();

    /** The folder below which the failures folder is made. */
    public Write to(String output) {
      checkArgument(!output.isBlank(), "output must name a folder, was blank");
      return new AutoValue_FailureIO_Write(output);
    }

    @Override
    public PCollection<Long> expand(PCollection<BadRecord> input) {
      checkArgument(!getOutput().isEmpty(), "FailureIO.write() needs to(output)");
      return input
          .apply("KeyByPosition", ParDo.of(new KeyFn()))
          .setCoder(KvCoder.of(OrderKey.OrderKeyCoder.of(), BadRecord.BadRecordCoder.of()))
          .apply("Gather", SortedGroups.into(1))
          .apply("WriteFile", ParDo.of(new WriteFn(getOutput())))
          .setCoder(VarLongCoder.of())
          .apply("Count", Sum.longsGlobally());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("output", getOutput()).withLabel("Dataset folder"));
    }
  }

  private static final class KeyFn extends DoFn<BadRecord, KV<OrderKey, BadRecord>> {
    @ProcessElement
    public void process(@Element BadRecord record, OutputReceiver<KV<OrderKey, BadRecord>> out) {
      out.output(KV.of(record.position(), record));
    }
  }

  private static final class WriteFn extends DoFn<KV<Integer, Iterable<Block>>, Long> {
    private final String output;

    WriteFn(String output) {
      this.output = output;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<Block>> all, OutputReceiver<Long> out)
        throws IOException {
      ResourceId folder =
          FileSystems.matchNewResource(output, true)
              .resolve(FOLDER, StandardResolveOptions.RESOLVE_DIRECTORY);
      // One name for all attempts: they write equal bytes, and none leaves an orphan.
      ResourceId temp = folder.resolve("." + FILE, StandardResolveOptions.RESOLVE_FILE);
      Path scratch = Files.createTempDirectory("millrace-failures-");
      try (SortedSpool<BadRecord> records =
          SortedSpool.of(all.getValue(), BadRecord.BadRecordCoder.of(), scratch.resolve("spool"))) {
        FailureLines.write(records, temp);
        out.output(records.size());
      } finally {
        Files.delete(scratch);
      }
      FileSystems.rename(
          List.of(temp),
          List.of(folder.resolve(FILE, StandardResolveOptions.RESOLVE_FILE)),
          StandardMoveOptions.IGNORE_MISSING_FILES);
    }
  }
}
