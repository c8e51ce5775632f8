package org.millrace.transforms.tokenize;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.util.OptionalInt;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

/**
 * Turns documents into token ids, with a token before and after each where that is asked for.
 *
 * <p>Input: {@link Document}s. Output: a {@link TokenizedDocument} for each whose text has any
 * tokens. A text that is empty or only white space, or of which the tokenizer leaves nothing, is
 * dropped for the reason {@code empty}; a text that the tokenizer refuses becomes a bad record.
 *
 * <p>Determinism: ids depend on the tokenizer's file, the way of cutting numbers and the text; not
 * on the engine.
 *
 * <p>Limits: the Java engine takes texts of up to 256 Mi characters (UTF-16 units), up to 50 bytes
 * of heap for each. The library takes up to 16 Mi, and 100 to 170 bytes outside the heap for each.
 * A longer text becomes a bad record. The counter {@code textsEncodedByLibrary} says how many texts
 * the Java engine left to the library.
 *
 * <pre>{@code
 * PCollection<TokenizedDocument> tokenized =
 *     documents
 *         .apply("Tokenize", Tokenize.using(TokenizerSpec.of("gpt2/tokenizer.json", false)).withEos(50256))
 *         .into(accounts);
 * }</pre>
 */
@AutoValue
public abstract class Tokenize
    extends PTransform<PCollection<Document>, StepOutput<TokenizedDocument>> {

  /** The step in the ledger. */
  static final String STEP = "tokenize";

  /** Why a document without any token is dropped. */
  static final String EMPTY = "empty";

  private static final int NONE = -1;
  private static final TupleTag<TokenizedDocument> TOKENIZED = new TupleTag<>("tokenized") {};

  abstract TokenizerSpec getTokenizer();

  abstract int getBos();

  abstract int getEos();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setTokenizer(TokenizerSpec tokenizer);

    abstract Builder setBos(int bos);

    abstract Builder setEos(int eos);

    abstract Tokenize build();
  }

  /** Tokenizes with a tokenizer, and adds no tokens before or after a document. */
  public static Tokenize using(TokenizerSpec tokenizer) {
    return new AutoValue_Tokenize.Builder()
        .setTokenizer(tokenizer)
        .setBos(NONE)
        .setEos(NONE)
        .build();
  }

  /** Begins each document with this id. */
  public Tokenize withBos(int id) {
    checkArgument(id >= 0, "bos must be a token id of 0 or more, was %s", id);
    return toBuilder().setBos(id).build();
  }

  /** Ends each document with this id. */
  public Tokenize withEos(int id) {
    checkArgument(id >= 0, "eos must be a token id of 0 or more, was %s", id);
    return toBuilder().setEos(id).build();
  }

  @Override
  public StepOutput<TokenizedDocument> expand(PCollection<Document> documents) {
    return StepOutput.of(
        TOKENIZED,
        documents.apply(
            "EncodeText",
            ParDo.of(new EncodeFn(getTokenizer(), getBos(), getEos()))
                .withOutputTags(TOKENIZED, StepOutput.SIDE_TAGS)),
        TokenizedDocument.TokenizedDocumentCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder
        .add(DisplayData.item("tokenizer", getTokenizer().name()))
        .add(DisplayData.item("tokenizerSha256", getTokenizer().sha256()))
        .add(DisplayData.item("parseSpecialTokens", getTokenizer().parseSpecialTokens()))
        .add(DisplayData.item("engine", getTokenizer().engine().name()))
        .add(DisplayData.item("splitDigits", getTokenizer().splitDigits().name()))
        .addIfNotDefault(DisplayData.item("bos", getBos()), NONE)
        .addIfNotDefault(DisplayData.item("eos", getEos()), NONE);
  }

  static final class EncodeFn extends DoFn<Document, TokenizedDocument> {
    private static final Counter DROPPED = Metrics.counter(Tokenize.class, "documentsDropped");
    private static final Counter BAD = Metrics.counter(Tokenize.class, "badRecords");
    private static final Counter TOKENS = Metrics.counter(Tokenize.class, "tokensWritten");
    private static final Distribution TOKENS_PER_DOCUMENT =
        Metrics.distribution(Tokenize.class, "tokensPerDocument");

    private final TokenizerSpec spec;
    private final int bos;
    private final int eos;
    private transient DocumentEncoder encoder;
    private transient Tally tally;

    EncodeFn(TokenizerSpec spec, int bos, int eos) {
      this.spec = spec;
      this.bos = bos;
      this.eos = eos;
    }

    @Setup
    public void setup() throws IOException {
      encoder = DocumentEncoder.open(spec, optional(bos), optional(eos));
    }

    private static OptionalInt optional(int id) {
      return id == NONE ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element Document document, MultiOutputReceiver outputs) {
      DocumentEncoder.Result result = encoder.encode(document, tally);
      if (result.tokens().isPresent()) {
        outputs.get(TOKENIZED).output(result.tokens().get());
        int tokens = result.tokens().get().tokens().length();
        TOKENS.inc(tokens);
        TOKENS_PER_DOCUMENT.update(tokens);
      } else if (result.bad().isPresent()) {
        outputs.get(StepOutput.BAD_RECORDS).output(result.bad().get());
        BAD.inc();
      } else {
        DROPPED.inc();
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }

    @Teardown
    public void teardown() {
      if (encoder != null) {
        encoder.close();
      }
    }
  }
}
