package org.millrace.transforms.tokenize;

import com.google.auto.value.AutoValue;
import java.io.IOException;
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
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.Note;
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

  private static final TupleTag<TokenizedDocument> TOKENIZED = new TupleTag<>("tokenized") {};

  abstract EncoderSettings getEncoder();

  /** Tokenizes with a tokenizer, and adds no tokens before or after a document. */
  public static Tokenize using(TokenizerSpec tokenizer) {
    return using(EncoderSettings.using(tokenizer));
  }

  /** Tokenizes as these settings say. */
  public static Tokenize using(EncoderSettings settings) {
    return new AutoValue_Tokenize(settings);
  }

  /** Begins each document with this id. */
  public Tokenize withBos(int id) {
    return using(getEncoder().withBos(id));
  }

  /** Ends each document with this id. */
  public Tokenize withEos(int id) {
    return using(getEncoder().withEos(id));
  }

  /**
   * Cuts a text before the first blank at or behind so many characters, and again, and encodes each
   * part as a text of its own: what CrystalCoder's data went through. A tokenizer that puts a blank
   * before a text then gives a token more at each cut. Memory and time do not ask for it.
   */
  public Tokenize withChunksOf(int characters) {
    return using(getEncoder().withChunksOf(characters));
  }

  /**
   * The same for documents among which notes travel: ledger entries and bad records travel on with
   * the tokenized documents. See {@link Carried}.
   */
  public Carrying carrying() {
    return new Carrying(this);
  }

  @Override
  public StepOutput<TokenizedDocument> expand(PCollection<Document> documents) {
    return StepOutput.of(
        TOKENIZED,
        documents.apply(
            "EncodeText",
            ParDo.of(new EncodeFn(getEncoder())).withOutputTags(TOKENIZED, StepOutput.SIDE_TAGS)),
        TokenizedDocument.TokenizedDocumentCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    TokenizerSpec tokenizer = getEncoder().tokenizer();
    builder
        .add(DisplayData.item("tokenizer", tokenizer.name()))
        .add(DisplayData.item("tokenizerSha256", tokenizer.sha256()))
        .add(DisplayData.item("parseSpecialTokens", tokenizer.parseSpecialTokens()))
        .add(DisplayData.item("engine", tokenizer.engine().name()))
        .add(DisplayData.item("splitDigits", tokenizer.splitDigits().name()));
    getEncoder().bos().ifPresent(id -> builder.add(DisplayData.item("bos", id)));
    getEncoder().eos().ifPresent(id -> builder.add(DisplayData.item("eos", id)));
    getEncoder()
        .chunk()
        .ifPresent(characters -> builder.add(DisplayData.item("chunkCharacters", characters)));
  }

  /** See {@link Tokenize#carrying}. */
  public static final class Carrying
      extends PTransform<PCollection<Carried<Document>>, PCollection<Carried<TokenizedDocument>>> {
    private final Tokenize tokenize;

    private Carrying(Tokenize tokenize) {
      this.tokenize = tokenize;
    }

    @Override
    public PCollection<Carried<TokenizedDocument>> expand(
        PCollection<Carried<Document>> documents) {
      return documents
          .apply("EncodeText", ParDo.of(new CarryingFn(tokenize.getEncoder())))
          .setCoder(Carried.CarriedCoder.of(TokenizedDocument.TokenizedDocumentCoder.of()));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.delegate(tokenize);
    }
  }

  /** What encodes in a bundle, whatever it is that documents come in. */
  abstract static class EncodingFn<I, O> extends DoFn<I, O> {
    private static final Counter DROPPED = Metrics.counter(Tokenize.class, "documentsDropped");
    private static final Counter BAD = Metrics.counter(Tokenize.class, "badRecords");
    private static final Counter TOKENS = Metrics.counter(Tokenize.class, "tokensWritten");
    private static final Distribution TOKENS_PER_DOCUMENT =
        Metrics.distribution(Tokenize.class, "tokensPerDocument");

    private final EncoderSettings settings;
    private transient DocumentEncoder encoder;
    transient Tally tally;

    EncodingFn(EncoderSettings settings) {
      this.settings = settings;
    }

    @Setup
    public void setup() throws IOException {
      encoder = settings.open();
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    final DocumentEncoder.Result encode(Document document) {
      DocumentEncoder.Result result = encoder.encode(document, tally);
      if (result.tokens().isPresent()) {
        int tokens = result.tokens().get().tokens().length();
        TOKENS.inc(tokens);
        TOKENS_PER_DOCUMENT.update(tokens);
      } else if (result.bad().isPresent()) {
        BAD.inc();
      } else {
        DROPPED.inc();
      }
      return result;
    }

    @Teardown
    public void teardown() {
      if (encoder != null) {
        encoder.close();
      }
    }
  }

  static final class EncodeFn extends EncodingFn<Document, TokenizedDocument> {

    EncodeFn(EncoderSettings settings) {
      super(settings);
    }

    @ProcessElement
    public void process(@Element Document document, MultiOutputReceiver outputs) {
      DocumentEncoder.Result result = encode(document);
      result.tokens().ifPresent(outputs.get(TOKENIZED)::output);
      result.bad().ifPresent(outputs.get(StepOutput.BAD_RECORDS)::output);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }
  }

  private static final class CarryingFn
      extends EncodingFn<Carried<Document>, Carried<TokenizedDocument>> {

    CarryingFn(EncoderSettings settings) {
      super(settings);
    }

    @ProcessElement
    public void process(
        @Element Carried<Document> carried, OutputReceiver<Carried<TokenizedDocument>> out) {
      if (carried.isElement()) {
        DocumentEncoder.Result result = encode(carried.element());
        result.tokens().ifPresent(document -> out.output(Carried.of(document)));
        result.bad().ifPresent(bad -> out.output(Carried.note(new Note.Bad(bad))));
      } else {
        out.output(Carried.note(carried.note()));
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      Carried.flush(tally, context);
    }
  }
}
