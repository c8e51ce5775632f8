package org.millrace.transforms.tokenize;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

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
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
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
    private transient Tokenizer tokenizer;
    private transient Tally tally;

    EncodeFn(TokenizerSpec spec, int bos, int eos) {
      this.spec = spec;
      this.bos = bos;
      this.eos = eos;
    }

    @Setup
    public void setup() throws IOException {
      Tokenizer opened = spec.open();
      try {
        int size = opened.vocabularySize();
        checkArgument(bos < size, "bos must be in the vocabulary, 0..%s, was %s", size - 1, bos);
        checkArgument(eos < size, "eos must be in the vocabulary, 0..%s, was %s", size - 1, eos);
      } catch (IllegalArgumentException e) {
        // No runner tears down what was not set up.
        opened.close();
        throw e;
      }
      tokenizer = opened;
    }

    @StartBundle
    public void startBundle() {
      tally = new Tally();
    }

    @ProcessElement
    public void process(@Element Document document, MultiOutputReceiver outputs) {
      TokenIds ids;
      try {
        ids = isBlank(document.text()) ? TokenIds.of() : tokenizer.encode(document.text());
      } catch (UntokenizableTextException e) {
        outputs.get(StepOutput.BAD_RECORDS).output(badRecord(document, e));
        document.tallyTo(tally, STEP, Ledger.BAD);
        BAD.inc();
        Progress.BAD_RECORDS.add(1);
        return;
      }
      if (ids.isEmpty()) {
        document.tallyTo(tally, STEP, EMPTY);
        DROPPED.inc();
        return;
      }
      TokenizedDocument tokenized =
          new TokenizedDocument(
              document.position(), document.id(), document.source(), document.bytes(), framed(ids));
      outputs.get(TOKENIZED).output(tokenized);
      count(tokenized);
    }

    private void count(TokenizedDocument tokenized) {
      tokenized.tallyTo(tally, STEP, Ledger.TOKENIZED);
      int tokens = tokenized.tokens().length();
      TOKENS.inc(tokens);
      TOKENS_PER_DOCUMENT.update(tokens);
      Progress.TOKENIZED_DOCUMENTS.add(1);
      Progress.TEXT_BYTES.add(tokenized.bytes());
      Progress.TOKENS.add(tokens);
    }

    /** White space of every kind, the kinds that do not break included. */
    private static boolean isBlank(String text) {
      return text.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    private TokenIds framed(TokenIds ids) {
      if (bos == NONE && eos == NONE) {
        return ids;
      }
      int start = bos == NONE ? 0 : 1;
      int[] framed = new int[start + ids.length() + (eos == NONE ? 0 : 1)];
      ids.copyTo(framed, start);
      if (bos != NONE) {
        framed[0] = bos;
      }
      if (eos != NONE) {
        framed[framed.length - 1] = eos;
      }
      return TokenIds.wrap(framed);
    }

    private static BadRecord badRecord(Document document, UntokenizableTextException e) {
      return new BadRecord(
          document.position(),
          document.id(),
          document.source(),
          STEP,
          e.getClass().getSimpleName(),
          e.getMessage(),
          BadRecord.excerpt(document.text()));
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.flush(StepOutput.ENTRIES, context);
    }

    @Teardown
    public void teardown() {
      if (tokenizer != null) {
        tokenizer.close();
      }
    }
  }
}
