package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Carried;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Note;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.ledger.Tally;

class TokenizeTest {

  private static final int HE = 256;
  private static final int START = 257;
  private static final int END = 258;

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @TempDir Path folder;

  private TokenizerSpec spec;

  @BeforeEach
  void writeTokenizer() throws Exception {
    spec = tiny().spec(folder, false);
  }

  private static TinyTokenizer tiny() {
    return new TinyTokenizer("H e").with("<s>", true).with("</s>", true);
  }

  private static Document document(long offset, String source, String text) {
    return new Document(new OrderKey(0, offset), source + ":" + offset, source, text, "{}");
  }

  private static TokenizedDocument tokenized(Document document, int... ids) {
    return new TokenizedDocument(
        document.position(), document.id(), document.source(), document.bytes(), TokenIds.of(ids));
  }

  private StepOutput<TokenizedDocument> apply(Tokenize tokenize, Document... documents) {
    return pipeline
        .apply(Create.of(List.of(documents)).withCoder(Document.DocumentCoder.of()))
        .apply("Tokenize", tokenize);
  }

  private static PCollection<Ledger> ledger(StepOutput<?> output) {
    return output.entries().apply(Ledger.sum());
  }

  @Test
  void tokenizesDocuments() {
    Document one = document(0, "a", "He é");
    Document two = document(7, "b", "x</s>");

    StepOutput<TokenizedDocument> output = apply(Tokenize.using(spec), one, two);

    PAssert.that(output.elements())
        .containsInAnyOrder(
            tokenized(one, HE, ' ', 0xC3, 0xA9), tokenized(two, 'x', '<', '/', 's', '>'));
    PAssert.that(output.badRecords()).empty();
    PAssert.that(ledger(output))
        .containsInAnyOrder(
            new Ledger(
                List.of(
                    new LedgerEntry("a", "tokenize", "tokenized", 1, 5, 4),
                    new LedgerEntry("b", "tokenize", "tokenized", 1, 5, 5))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void carriesNotesOnAndAddsItsOwn() {
    Document one = document(0, "a", "He");
    Document blank = document(7, "a", " ");
    Carried<Document> fact = Carried.note(new Note.Fact("of the source"));

    PCollection<Carried<TokenizedDocument>> output =
        pipeline
            .apply(
                Create.of(List.of(Carried.of(one), fact, Carried.of(blank)))
                    .withCoder(Carried.CarriedCoder.of(Document.DocumentCoder.of())))
            .apply("Tokenize", Tokenize.using(spec).withEos(END).carrying());

    PAssert.that(output)
        .satisfies(
            all -> {
              Tally tally = new Tally();
              List<Carried<TokenizedDocument>> others = new ArrayList<>();
              for (Carried<TokenizedDocument> carried : all) {
                if (!carried.isElement() && carried.note() instanceof Note.Entry note) {
                  tally.add(note.entry());
                } else {
                  others.add(carried);
                }
              }
              assertThat(
                  others,
                  containsInAnyOrder(
                      Carried.of(tokenized(one, HE, END)),
                      Carried.<TokenizedDocument>note(new Note.Fact("of the source"))));
              assertThat(
                  tally.entries(),
                  contains(
                      new LedgerEntry("a", "tokenize", "empty", 1, 1, 0),
                      new LedgerEntry("a", "tokenize", "tokenized", 1, 2, 2)));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void beginsDocumentsWithBos() {
    Document one = document(0, "a", "He");

    StepOutput<TokenizedDocument> output = apply(Tokenize.using(spec).withBos(START), one);

    PAssert.that(output.elements()).containsInAnyOrder(tokenized(one, START, HE));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void endsDocumentsWithEosAndCountsIt() {
    Document one = document(0, "a", "He");

    StepOutput<TokenizedDocument> output =
        apply(Tokenize.using(spec).withBos(START).withEos(END), one);

    PAssert.that(output.elements()).containsInAnyOrder(tokenized(one, START, HE, END));
    PAssert.that(ledger(output))
        .containsInAnyOrder(
            new Ledger(List.of(new LedgerEntry("a", "tokenize", "tokenized", 1, 2, 3))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void parsesControlTokensWhereTheSpecSaysSo() throws Exception {
    Document one = document(0, "a", "He</s>");

    StepOutput<TokenizedDocument> output = apply(Tokenize.using(tiny().spec(folder, true)), one);

    PAssert.that(output.elements()).containsInAnyOrder(tokenized(one, HE, END));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void dropsAndCountsDocumentsWithoutText() {
    Document kept = document(9, "a", " He");

    StepOutput<TokenizedDocument> output =
        apply(
            Tokenize.using(spec).withEos(END),
            document(0, "a", ""),
            document(1, "a", " \n\t\r "),
            document(2, "b", "\u00A0\u2003\u3000"),
            kept);

    PAssert.that(output.elements()).containsInAnyOrder(tokenized(kept, ' ', HE, END));
    PAssert.that(output.badRecords()).empty();
    PAssert.that(ledger(output))
        .containsInAnyOrder(
            new Ledger(
                List.of(
                    new LedgerEntry("a", "tokenize", "empty", 2, 5, 0),
                    new LedgerEntry("a", "tokenize", "tokenized", 1, 3, 3),
                    new LedgerEntry("b", "tokenize", "empty", 1, 8, 0))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void dropsADocumentOfWhichTheTokenizerLeavesNothing() throws Exception {
    TinyTokenizer tiny = tiny();
    tiny.json().putObject("normalizer").put("type", "Replace").put("content", "");
    tiny.json().withObject("/normalizer/pattern").put("String", "gone");

    StepOutput<TokenizedDocument> output =
        apply(Tokenize.using(tiny.spec(folder, false)).withEos(END), document(0, "a", "gone"));

    PAssert.that(output.elements()).empty();
    PAssert.that(ledger(output))
        .containsInAnyOrder(
            new Ledger(List.of(new LedgerEntry("a", "tokenize", "empty", 1, 4, 0))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void turnsATextThatTheTokenizerRefusesIntoABadRecord() throws Exception {
    String alias =
        new ObjectMapper()
            .readTree(new TokenizerJson("tiny", tiny().bytes()).textOnly())
            .at("/added_tokens/1/content")
            .asText();
    Document bad = document(0, "a", "He" + alias);
    Document good = document(1, "a", "He");

    StepOutput<TokenizedDocument> output = apply(Tokenize.using(spec), bad, good);

    PAssert.that(output.elements()).containsInAnyOrder(tokenized(good, HE));
    PAssert.that(output.badRecords())
        .containsInAnyOrder(
            new BadRecord(
                bad.position(),
                "a:0",
                "a",
                "tokenize",
                "UntokenizableTextException",
                "token 1 of the text became the control token </s> (id 258), although text is only"
                    + " text; set parse_special_tokens to true if that is wanted",
                bad.text()));
    PAssert.that(ledger(output))
        .containsInAnyOrder(
            new Ledger(
                List.of(
                    new LedgerEntry("a", "tokenize", "bad", 1, bad.bytes(), 0),
                    new LedgerEntry("a", "tokenize", "tokenized", 1, 2, 1))));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void failsWhereTheTokenizerIsGone() throws Exception {
    TokenizerSpec gone =
        new TokenizerSpec(
            folder + "/gone.json",
            "gone",
            spec.sha256(),
            false,
            TokenizerEngine.AUTO,
            SplitDigits.NONE);
    apply(Tokenize.using(gone), document(0, "a", "He"));

    Throwable e = assertThrows(Throwable.class, () -> pipeline.run().waitUntilFinish());

    assertThat(messages(e), hasItem(containsString("no tokenizer at " + gone.path())));
  }

  @Test
  void refusesIdsOutsideTheVocabulary() {
    apply(Tokenize.using(spec).withEos(259), document(0, "a", "He"));

    Throwable e = assertThrows(Throwable.class, () -> pipeline.run().waitUntilFinish());

    assertThat(messages(e), hasItem("eos must be in the vocabulary, 0..258, was 259"));
    assertThrows(IllegalArgumentException.class, () -> Tokenize.using(spec).withBos(-1));
    assertThrows(IllegalArgumentException.class, () -> Tokenize.using(spec).withEos(-1));
  }

  @Test
  void countsProgress() {
    long bytes = Progress.TEXT_BYTES.get();
    long tokens = Progress.TOKENS.get();
    apply(Tokenize.using(spec), document(0, "a", "He é"), document(1, "a", " "));

    pipeline.run().waitUntilFinish();

    assertThat(Progress.TEXT_BYTES.get() - bytes, is(5L));
    assertThat(Progress.TOKENS.get() - tokens, is(4L));
  }

  private static EncoderSettings framed(TokenizerSpec spec, int end) {
    return EncoderSettings.using(spec).withBos(START).withEos(end);
  }

  @Test
  void sharesItsTokenizerWithOtherStepsAndClosesIt() throws Exception {
    TokenizerSpec own = tiny().with("one", false).spec(folder, false);
    Tokenize.EncodeFn one = new Tokenize.EncodeFn(framed(own, END));
    Tokenize.EncodeFn other = new Tokenize.EncodeFn(framed(own, END));

    one.setup();
    other.setup();
    int used = SharedTokenizer.users(own);
    one.teardown();
    other.teardown();

    assertThat(used, is(2));
    assertThat(SharedTokenizer.users(own), is(0));
  }

  @Test
  void holdsNoTokenizerAfterASetupThatFailed() throws Exception {
    TokenizerSpec own = tiny().with("other", false).spec(folder, false);
    Tokenize.EncodeFn step = new Tokenize.EncodeFn(framed(own, 260));

    assertThrows(IllegalArgumentException.class, step::setup);

    assertThat(SharedTokenizer.users(own), is(0));
  }

  @Test
  void travelsAndShowsItself() {
    Tokenize tokenize = Tokenize.using(spec).withBos(START).withEos(END);

    assertThat(SerializableUtils.ensureSerializable(tokenize), is(tokenize));
    List<String> shown = new ArrayList<>();
    DisplayData.from(tokenize)
        .items()
        .forEach(item -> shown.add(item.getKey() + "=" + item.getValue()));
    assertThat(shown, hasItem("tokenizer=" + spec.name()));
    assertThat(shown, hasItem("tokenizerSha256=" + spec.sha256()));
    assertThat(shown, hasItem("parseSpecialTokens=false"));
    assertThat(shown, hasItem("engine=AUTO"));
    assertThat(shown, hasItem("splitDigits=NONE"));
    assertThat(shown, hasItem("bos=257"));
    assertThat(shown, hasItem("eos=258"));
  }

  private static List<String> messages(Throwable thrown) {
    List<String> messages = new ArrayList<>();
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      messages.add(String.valueOf(e.getMessage()));
    }
    return messages;
  }
}
