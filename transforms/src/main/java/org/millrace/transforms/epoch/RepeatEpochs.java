package org.millrace.transforms.epoch;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/**
 * Makes several epochs of a dataset: each element once for each epoch, with the id {@code id#0},
 * {@code id#1} and so on, so that what is decided by chance afterwards is decided anew, and a
 * shuffle mixes all epochs. One epoch changes nothing.
 *
 * <p>The second and all further epochs are in the ledger under step "epochs", reason "repeated".
 * Without a shuffle an element's epochs follow each other.
 *
 * <pre>{@code
 * sequences.apply("RepeatEpochs", RepeatEpochs.ofSequences(3)).into(accounts);
 * }</pre>
 *
 * @param <T> the type of the elements
 */
public final class RepeatEpochs<T extends Traceable>
    extends PTransform<PCollection<T>, StepOutput<T>> {

  private static final String STEP = "epochs";

  private final int epochs;
  private final SerializableBiFunction<T, String, T> withId;

  private RepeatEpochs(int epochs, SerializableBiFunction<T, String, T> withId) {
    checkArgument(epochs >= 1, "epochs must be 1 or more, was %s", epochs);
    this.epochs = epochs;
    this.withId = withId;
  }

  /** Repeats documents, before they are packed. */
  public static RepeatEpochs<TokenizedDocument> ofDocuments(int epochs) {
    return new RepeatEpochs<>(
        epochs,
        (document, id) ->
            new TokenizedDocument(
                document.position(), id, document.source(), document.bytes(), document.tokens()));
  }

  /** Repeats packed sequences. */
  public static RepeatEpochs<PackedSequence> ofSequences(int epochs) {
    return new RepeatEpochs<>(
        epochs,
        (sequence, id) ->
            new PackedSequence(
                sequence.position(),
                id,
                sequence.tokens(),
                sequence.pieces(),
                sequence.nextToken()));
  }

  @Override
  public StepOutput<T> expand(PCollection<T> input) {
    TupleTag<T> elements = new TupleTag<>("elements") {};
    return StepOutput.of(
        elements,
        input.apply(
            "RepeatEach",
            ParDo.of(new RepeatFn<>(epochs, withId))
                .withOutputTags(elements, StepOutput.SIDE_TAGS)),
        input.getCoder());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("epochs", epochs).withLabel("Epochs"));
  }

  private static final class RepeatFn<T extends Traceable> extends DoFn<T, T> {
    private final int epochs;
    private final SerializableBiFunction<T, String, T> withId;
    private transient Tally tally;

    RepeatFn(int epochs, SerializableBiFunction<T, String, T> withId) {
      this.epochs = epochs;
      this.withId = withId;
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) {
      if (epochs == 1) {
        out.output(element);
        return;
      }
      for (int epoch = 0; epoch < epochs; epoch++) {
        out.output(withId.apply(element, element.id() + "#" + epoch));
        if (epoch > 0) {
          element.tallyTo(tally, STEP, Ledger.REPEATED);
        }
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }
  }
}
