package org.millrace.transforms.logits;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.millrace.transforms.data.AnnotatedSequence;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TopKLogits;
import org.millrace.transforms.sort.Block;
import org.millrace.transforms.sort.SortedGroups;
import org.millrace.transforms.sort.SortedSpool;

/**
 * Puts beside each sequence what a teacher expects behind each of its tokens: the most probable
 * tokens, and their probabilities.
 *
 * <p>Input: packed sequences, keyed by their position. Output: the same under the same keys, with
 * targets {@code [sequenceLength, k]}. Row {@code j} is for the token behind token {@code j}; it
 * has seen all tokens of the sequence up to {@code j}, those of other documents among them.
 *
 * <p>Determinism: batches are made of sequences that follow one another in their bucket, an equal
 * range of the keys, so that they depend on keys, sequences and settings alone. The logits
 * themselves are what ONNX Runtime makes of a batch on the processor or GPU there is: another model
 * of it can give another last bit.
 *
 * <p>Errors: a logit that is no finite number fails the run, with the id of the sequence.
 *
 * <pre>{@code
 * PCollection<KV<OrderKey, AnnotatedSequence>> annotated =
 *     shuffled.apply(
 *         "Annotate", AnnotateLogits.using(OnnxModel.at("teacher.onnx")).withTopK(50).withBuckets(64));
 * }</pre>
 */
@AutoValue
public abstract class AnnotateLogits
    extends PTransform<
        PCollection<KV<OrderKey, PackedSequence>>, PCollection<KV<OrderKey, AnnotatedSequence>>> {

  private static final TargetSettings STANDARD = new TargetSettings(50, false, 4096);

  abstract TeacherSpec getTeacher();

  abstract TargetSettings getSettings();

  abstract int getBuckets();

  /** Asks this teacher. */
  public static AnnotateLogits using(TeacherSpec teacher) {
    return new AutoValue_AnnotateLogits(teacher, STANDARD, 1);
  }

  /** How many tokens are kept for each position, 1 to 65,536; default 50. */
  public AnnotateLogits withTopK(int k) {
    TargetSettings old = getSettings();
    return with(new TargetSettings(k, old.logarithms(), old.batchTokens()));
  }

  /** Keeps natural logarithms of probabilities in place of probabilities. */
  public AnnotateLogits withLogProbabilities() {
    TargetSettings old = getSettings();
    return with(new TargetSettings(old.k(), true, old.batchTokens()));
  }

  /** The most tokens in a batch, padding included; default 4096. */
  public AnnotateLogits withBatchTokens(int batchTokens) {
    TargetSettings old = getSettings();
    return with(new TargetSettings(old.k(), old.logarithms(), batchTokens));
  }

  private AnnotateLogits with(TargetSettings settings) {
    return new AutoValue_AnnotateLogits(getTeacher(), settings, getBuckets());
  }

  /**
   * How many parts are annotated apart from each other, 1 or more; default 1. No more of them work
   * at a time.
   */
  public AnnotateLogits withBuckets(int buckets) {
    checkArgument(buckets > 0, "buckets must be 1 or more, was %s", buckets);
    return new AutoValue_AnnotateLogits(getTeacher(), getSettings(), buckets);
  }

  @Override
  public PCollection<KV<OrderKey, AnnotatedSequence>> expand(
      PCollection<KV<OrderKey, PackedSequence>> input) {
    return input
        .apply("GroupByBucket", SortedGroups.into(getBuckets()))
        .apply("AnnotateBucket", ParDo.of(new AnnotateBucketFn(getTeacher(), getSettings())))
        .setCoder(
            KvCoder.of(OrderKey.OrderKeyCoder.of(), AnnotatedSequence.AnnotatedSequenceCoder.of()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("teacher", getTeacher().name()).withLabel("Teacher"));
    builder.add(DisplayData.item("teacherSha256", getTeacher().sha256()).withLabel("SHA-256"));
    builder.add(DisplayData.item("topK", getSettings().k()).withLabel("Tokens kept a position"));
    builder.add(
        DisplayData.item("logProbabilities", getSettings().logarithms())
            .withLabel("Logarithms of probabilities"));
    builder.add(
        DisplayData.item("batchTokens", getSettings().batchTokens())
            .withLabel("Most tokens in a batch"));
    builder.add(DisplayData.item("buckets", getBuckets()).withLabel("Buckets"));
  }

  static final class AnnotateBucketFn
      extends DoFn<KV<Integer, Iterable<Block>>, KV<OrderKey, AnnotatedSequence>> {
    private final Counter sequencesAnnotated =
        Metrics.counter(AnnotateLogits.class, "sequencesAnnotated");
    private final TeacherSpec spec;
    private final TargetSettings settings;
    private transient Teacher teacher;

    AnnotateBucketFn(TeacherSpec spec, TargetSettings settings) {
      this.spec = spec;
      this.settings = settings;
    }

    @Setup
    public void setup() throws IOException {
      teacher = spec.open();
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<Block>> bucket,
        OutputReceiver<KV<OrderKey, AnnotatedSequence>> out)
        throws IOException {
      Path folder = Files.createTempDirectory("millrace-annotate-");
      try (SortedSpool<PackedSequence> sequences =
          SortedSpool.of(
              bucket.getValue(),
              PackedSequence.PackedSequenceCoder.of(),
              folder.resolve("spool"))) {
        Annotator annotator = new Annotator(teacher, settings);
        while (sequences.hasNext()) {
          annotateWindow(annotator, sequences, out);
        }
      } finally {
        Files.delete(folder);
      }
    }

    private void annotateWindow(
        Annotator annotator,
        SortedSpool<PackedSequence> sequences,
        OutputReceiver<KV<OrderKey, AnnotatedSequence>> out)
        throws IOException {
      List<OrderKey> keys = new ArrayList<>();
      List<PackedSequence> window = new ArrayList<>();
      while (sequences.hasNext() && window.size() < Annotator.WINDOW) {
        keys.add(sequences.nextKey());
        window.add(sequences.next());
      }
      List<TopKLogits> targets =
          annotator.annotate(
              window.stream()
                  .map(s -> new TeacherInput("sequence " + s.id(), s.tokens(), s.tokens().length()))
                  .toList());
      for (int i = 0; i < window.size(); i++) {
        out.output(KV.of(keys.get(i), new AnnotatedSequence(window.get(i), targets.get(i))));
        sequencesAnnotated.inc();
      }
    }

    @Teardown
    public void teardown() {
      if (teacher != null) {
        teacher.close();
        teacher = null;
      }
    }
  }
}
