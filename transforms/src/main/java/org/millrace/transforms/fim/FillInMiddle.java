package org.millrace.transforms.fim;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.tokenize.Tokenizer;

/**
 * Permutes texts so that a model learns to fill in their middle: {@code PRE prefix SUF suffix MID
 * middle}, or with the suffix first, as {@link SpmVariant} has it.
 *
 * <p>Input and output: tokenized documents, each permuted as a whole before packing; or packed
 * sequences, in which each text up to an end-of-text, and the parts of texts at both ends, is
 * permuted by itself. Sequences keep their length: what does not fit any more is cut off, and in
 * the ledger under step "fim", reason "cut". Begin and end tokens stay where they are.
 *
 * <p>Texts are cut between tokens by default; then the ids of prefix, middle and suffix one after
 * another are those of the text. With {@link FimSettings#withCharacters} they are cut between
 * characters, and the parts are encoded anew, without the blank that tokenizers put before a text.
 * A text whose ids are no valid UTF-8, as when a sequence begins within a character, is then left
 * alone.
 *
 * <p>Determinism: depends on the elements' ids and tokens and on the settings alone. Each text has
 * a stream of chance of its own, with the purpose "fim", by its number in the element; in another
 * epoch the element has another id.
 *
 * <pre>{@code
 * FimSettings settings = FimSettings.of(sentinels).withRate(0.9).withBos(1).withEos(2);
 * FillInMiddle.Output<PackedSequence> permuted =
 *     sequences.apply("FillInMiddle", FillInMiddle.inSequences(settings));
 * }</pre>
 *
 * @param <T> the type of the elements
 * @see <a href="https://arxiv.org/abs/2207.14255">Bavarian et al.: Efficient training of language
 *     models to fill in the middle</a>, 2022
 */
public final class FillInMiddle<T extends Traceable>
    extends PTransform<PCollection<T>, FillInMiddle.Output<T>> {

  /** The step in the ledger. */
  static final String STEP = "fim";

  private static final TupleTag<FimCounts> COUNTS = new TupleTag<>("fimCounts") {};

  interface Kind<T> extends Serializable {
    SamplePermuter<T> permuter(FimPermuter permuter, FimSettings settings);
  }

  private final FimSettings settings;
  private final Kind<T> kind;

  private FillInMiddle(FimSettings settings, Kind<T> kind) {
    this.settings = settings;
    this.kind = kind;
  }

  /** Permutes documents as a whole, before they are packed. */
  public static FillInMiddle<TokenizedDocument> inDocuments(FimSettings settings) {
    return new FillInMiddle<>(settings, (permuter, s) -> new DocumentPermuter(permuter, s.frame()));
  }

  /**
   * Counts the permuted documents that packing has split: those of which a sequence holds a
   * sentinel and not the end. Their other part is in another sequence, so that nothing is lost; but
   * no sequence has the whole pattern.
   */
  public static PTransform<PCollection<PackedSequence>, PCollection<FimCounts>> countSplit(
      FimTokens sentinels) {
    return CountSplitTexts.with(sentinels);
  }

  /** Permutes the texts, and parts of texts, in packed sequences, which keep their length. */
  public static FillInMiddle<PackedSequence> inSequences(FimSettings settings) {
    return new FillInMiddle<>(
        settings,
        (permuter, s) -> new SequencePermuter(permuter, s.frame(), s.getSentinels().pad()));
  }

  @Override
  public Output<T> expand(PCollection<T> input) {
    TupleTag<T> elements = new TupleTag<>("elements") {};
    PCollectionTuple outputs =
        input.apply(
            "PermuteTexts",
            ParDo.of(new PermuteFn<>(settings, kind))
                .withOutputTags(elements, StepOutput.SIDE_TAGS.and(COUNTS)));
    return new Output<>(StepOutput.of(elements, outputs, input.getCoder()), outputs.get(COUNTS));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.include("settings", settings);
  }

  /**
   * The elements, and what happened to their texts.
   *
   * @param <T> the type of the elements
   */
  public static final class Output<T> implements POutput {

    private final StepOutput<T> step;
    private final PCollection<FimCounts> counts;

    private Output(StepOutput<T> step, PCollection<FimCounts> counts) {
      this.step = step;
      this.counts = counts.setCoder(FimCounts.FimCountsCoder.of());
    }

    /** The elements, and what the ledger is to say of tokens added and cut. */
    public StepOutput<T> step() {
      return step;
    }

    /** Partial counts, to be summed. */
    public PCollection<FimCounts> counts() {
      return counts;
    }

    @Override
    public Pipeline getPipeline() {
      return step.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new HashMap<>(step.expand());
      values.put(COUNTS, counts);
      return values;
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  static final class PermuteFn<T extends Traceable> extends DoFn<T, T> {
    private final FimSettings settings;
    private final Kind<T> kind;
    private final StableHash hash;
    private transient SamplePermuter<T> permuter;
    private transient Tokenizer tokenizer;
    private transient Tally tally;
    private transient FimCounts.Counter counter;

    PermuteFn(FimSettings settings, Kind<T> kind) {
      this.settings = settings;
      this.kind = kind;
      this.hash = StableHash.of("fim", settings.getSeed());
    }

    @Setup
    public void setup() throws IOException {
      FimSpans spans = FimSpans.ofTokens();
      if (settings.characters().isPresent()) {
        tokenizer = settings.characters().get().open();
        spans = FimSpans.ofCharacters(tokenizer.innerText());
      }
      permuter = kind.permuter(settings.permuter(spans), settings);
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
      counter = new FimCounts.Counter();
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) {
      out.output(permuter.permute(element, hash.keyOf(element.id()), counter, tally));
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
      context.output(
          COUNTS, counter.counts(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }

    @Teardown
    public void teardown() {
      if (tokenizer != null) {
        tokenizer.close();
      }
    }
  }
}
