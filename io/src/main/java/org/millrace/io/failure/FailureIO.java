package org.millrace.io.failure;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.transforms.data.BadRecord;

/**
 * Writes the records that could not be used.
 *
 * <p>Output: {@code <output>/failures/bad-records.jsonl}, a JSON object a line with the keys {@code
 * stage}, {@code id}, {@code source}, {@code exception}, {@code message} and {@code record}, sorted
 * by id. Where there are more than {@value #DEFAULT_LIMIT} (a data set for which that is not enough
 * to see what is wrong is the wrong data set), the last line is {@code {"more":N}}. Where there are
 * none, nothing is written.
 *
 * <p>Determinism: depends on the records alone.
 *
 * <p>Guarantees: the file is complete as soon as it is there, and is there before the result is. A
 * retry writes the same bytes to the same name. Memory is bounded by the limit. Bounded input only.
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

  /** How many records are written, at most. */
  public static final int DEFAULT_LIMIT = 10_000;

  private FailureIO() {}

  /** Writes with default settings. */
  public static Write write() {
    return new AutoValue_FailureIO_Write.Builder().setLimit(DEFAULT_LIMIT).build();
  }

  /**
   * Writes bad records; the result is one element, their number, as soon as the file is there. See
   * {@link FailureIO}.
   */
  @AutoValue
  public abstract static class Write extends PTransform<PCollection<BadRecord>, PCollection<Long>> {

    Write() {}

    abstract @Nullable String getOutput();

    abstract int getLimit();

    abstract Builder toBuilder();

    @AutoValue.Builder
    abstract static class Builder {
      abstract Builder setOutput(String output);

      abstract Builder setLimit(int limit);

      abstract Write build();
    }

    /** The folder below which the failures folder is made. */
    public Write to(String output) {
      checkArgument(!output.isBlank(), "output must name a folder, was blank");
      return toBuilder().setOutput(output).build();
    }

    /** How many records are written, at most; all are counted. */
    public Write withLimit(int limit) {
      checkArgument(limit >= 1, "limit must be positive, was %s", limit);
      return toBuilder().setLimit(limit).build();
    }

    @Override
    public PCollection<Long> expand(PCollection<BadRecord> input) {
      checkArgument(getOutput() != null, "FailureIO.write() needs to(output)");
      checkArgument(
          input.isBounded() == PCollection.IsBounded.BOUNDED, "bad records must be bounded");
      return input
          .apply("KeepFirst", Combine.globally(new FirstRecords(getLimit())))
          .apply("WriteFile", ParDo.of(new WriteFn(getOutput())))
          .setCoder(VarLongCoder.of());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(DisplayData.item("output", getOutput()))
          .add(DisplayData.item("limit", getLimit()));
    }
  }

  private static final class WriteFn extends DoFn<FirstRecords.Kept, Long> {
    private final String output;

    WriteFn(String output) {
      this.output = output;
    }

    @ProcessElement
    public void process(@Element FirstRecords.Kept kept, OutputReceiver<Long> out)
        throws IOException {
      if (kept.count() > 0) {
        ResourceId folder =
            FileSystems.matchNewResource(output, true)
                .resolve(FOLDER, StandardResolveOptions.RESOLVE_DIRECTORY);
        // One name for all attempts: they write equal bytes, and no attempt leaves an orphan.
        ResourceId temp = folder.resolve("." + FILE, StandardResolveOptions.RESOLVE_FILE);
        FailureLines.write(kept.records(), kept.count(), temp);
        FileSystems.rename(
            List.of(temp),
            List.of(folder.resolve(FILE, StandardResolveOptions.RESOLVE_FILE)),
            StandardMoveOptions.IGNORE_MISSING_FILES);
      }
      out.output(kept.count());
    }
  }
}
