package org.millrace.io.document;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.checkerframework.checker.nullness.qual.Nullable;
import org.millrace.io.file.NumberSelector;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.ledger.StepOutput;

/**
 * Reads documents from files: JSON lines, Parquet and text, compressed or not.
 *
 * <p>Input: files, as {@link InputFiles} finds them. Output: {@link ReadOutput}.
 *
 * <p>Determinism: ids, positions and which records are bad depend on the files' bytes and relative
 * paths alone; in particular not on how files are cut into ranges.
 *
 * <p>Limits: bounded. Plain JSON lines and Parquet are read in ranges by many workers, other files
 * by one each. A record is held in memory, a file never is.
 *
 * <p>Errors: a record that cannot be used, and a damaged file, is a bad record, and what came
 * before it is kept. A file system that fails, fails the pipeline.
 *
 * <pre>{@code
 * PCollection<Document> documents =
 *     pipeline.apply("Read", DocumentIO.read().from("data/*.jsonl.zst")).step().into(accounts);
 * }</pre>
 */
public final class DocumentIO {

  /** The step that the ledger and the failures output name. */
  public static final String STEP = "read";

  /** Enough for the workers of a large job; the Direct runner gets slow by many keys. */
  private static final int SPREAD_BUCKETS = 128;

  private DocumentIO() {}

  /** Reads with default settings. */
  public static Read read() {
    return new AutoValue_DocumentIO_Read.Builder()
        .setFields(DocumentFields.defaults())
        .setFormat(DocumentFormat.AUTO)
        .setInvalidText(InvalidText.REJECT)
        .setMaxDocumentBytes(32 << 20)
        .setSplitBytes(32L << 20)
        .build();
  }

  /** Reads documents; see {@link DocumentIO}. */
  @AutoValue
  public abstract static class Read extends PTransform<PBegin, ReadOutput> {

    private static final int MAX_DOCUMENT_BYTES = 1 << 30;

    Read() {}

    abstract @Nullable String getSpec();

    abstract DocumentFields getFields();

    abstract DocumentFormat getFormat();

    abstract InvalidText getInvalidText();

    abstract @Nullable String getSource();

    abstract @Nullable NumberSelector getSelector();

    abstract int getMaxDocumentBytes();

    abstract long getSplitBytes();

    abstract Builder toBuilder();

    @AutoValue.Builder
    abstract static class Builder {
      abstract Builder setSpec(String spec);

      abstract Builder setFields(DocumentFields fields);

      abstract Builder setFormat(DocumentFormat format);

      abstract Builder setInvalidText(InvalidText invalidText);

      abstract Builder setSource(String source);

      abstract Builder setSelector(NumberSelector selector);

      abstract Builder setMaxDocumentBytes(int bytes);

      abstract Builder setSplitBytes(long bytes);

      abstract Read build();
    }

    /** A file, a folder, a glob, or a comma list of these; see {@link InputFiles}. */
    public Read from(String spec) {
      checkArgument(!spec.isBlank(), "input must name a file, a folder or a glob, was blank");
      return toBuilder().setSpec(spec).build();
    }

    /** Which fields are text, id and meta. */
    public Read withFields(DocumentFields fields) {
      return toBuilder().setFields(fields).build();
    }

    /** The format of all files; by default each file's name tells it. */
    public Read withFormat(DocumentFormat format) {
      return toBuilder().setFormat(format).build();
    }

    /** What becomes of text that is not well-formed; by default its record is bad. */
    public Read withInvalidText(InvalidText invalidText) {
      return toBuilder().setInvalidText(invalidText).build();
    }

    /** What the ledger counts all documents under; by default the first folder of their paths. */
    public Read withSource(String source) {
      checkArgument(!source.isEmpty(), "source must not be empty");
      return toBuilder().setSource(source).build();
    }

    /** Reads only the files that are selected by their numbers; by default all. */
    public Read withSelector(NumberSelector selector) {
      return toBuilder().setSelector(selector).build();
    }

    /** The most bytes that a record may have, up to 1 GiB; by default 32 MiB. */
    public Read withMaxDocumentBytes(int bytes) {
      checkArgument(
          bytes >= 1 && bytes <= MAX_DOCUMENT_BYTES,
          "max_document_bytes must be in 1..%s, was %s",
          MAX_DOCUMENT_BYTES,
          bytes);
      return toBuilder().setMaxDocumentBytes(bytes).build();
    }

    /** The size of ranges that files are read in; it has no effect on the output. */
    public Read withSplitBytes(long bytes) {
      checkArgument(bytes >= 1, "split bytes must be positive, was %s", bytes);
      return toBuilder().setSplitBytes(bytes).build();
    }

    ReadSettings settings() {
      return new ReadSettings(getFields(), getFormat(), getInvalidText(), getMaxDocumentBytes());
    }

    /**
     * Texts with which some of the input's files begin, read here and now: what the input is like.
     * At most 400, of a million UTF-16 units in all, cut where they are long. Records that cannot
     * be used are passed over.
     *
     * @throws IllegalArgumentException if there is no file, or one has an unknown format
     */
    public List<String> firstTexts() throws IOException {
      checkArgument(getSpec() != null, "DocumentIO.read() needs from(input)");
      return FirstTexts.of(
          InputFiles.match(getSpec(), getFormat(), Optional.ofNullable(getSelector())), settings());
    }

    @Override
    public ReadOutput expand(PBegin input) {
      checkArgument(getSpec() != null, "DocumentIO.read() needs from(input)");
      ReadSettings settings = settings();
      PCollectionTuple outputs =
          input
              .apply("NameInput", Create.of(getSpec()))
              .apply(
                  "MatchFiles", ParDo.of(new MatchFn(getFormat(), getSelector(), getSplitBytes())))
              .setCoder(FileRange.FileRangeCoder.of())
              .apply(
                  "SpreadRanges",
                  Reshuffle.<FileRange>viaRandomKey().withNumBuckets(SPREAD_BUCKETS))
              .apply(
                  "ReadRanges",
                  ParDo.of(new ReadFn(settings, getSource()))
                      .withOutputTags(
                          ReadFn.DOCUMENTS, StepOutput.SIDE_TAGS.and(ReadFn.INPUT_COUNTS)));
      return new ReadOutput(outputs);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(DisplayData.item("input", getSpec()))
          .add(DisplayData.item("fields", getFields().toString()))
          .add(DisplayData.item("format", getFormat().name()))
          .add(DisplayData.item("invalidText", getInvalidText().name()))
          .addIfNotNull(DisplayData.item("source", getSource()))
          .addIfNotNull(
              DisplayData.item("selector", getSelector() == null ? null : getSelector().toString()))
          .add(DisplayData.item("maxDocumentBytes", getMaxDocumentBytes()));
    }
  }

  /** The documents of an input, and how many each of its files gave. */
  public static final class ReadOutput implements POutput {

    private final StepOutput<Document> step;
    private final PCollection<InputCount> inputs;

    private ReadOutput(PCollectionTuple outputs) {
      this.step = StepOutput.of(ReadFn.DOCUMENTS, outputs, Document.DocumentCoder.of());
      this.inputs = outputs.get(ReadFn.INPUT_COUNTS).setCoder(InputCount.InputCountCoder.of());
    }

    /** The documents, what the ledger is to say of them, and the records that are bad. */
    public StepOutput<Document> step() {
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
      values.put(ReadFn.INPUT_COUNTS, inputs);
      return values;
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
