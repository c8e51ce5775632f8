package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class TokenizerEngineTest {

  /** Java understands none of it. */
  private static final String WORDS =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "vocab": {"?": 0, "a": 1, "b": 2}, "unk_token": "?"}}
      """;

  @TempDir private Path folder;

  private TokenizerSpec words() throws IOException {
    Path file = Files.writeString(folder.resolve("words.json"), WORDS);
    return TokenizerSpec.of(file.toString(), false);
  }

  private TokenizerSpec bytes() throws IOException {
    return new TinyTokenizer("a b", "ab c").with("<s>", true).spec(folder, false);
  }

  private interface Task {
    void run() throws IOException;
  }

  /** What is logged meanwhile. */
  private static String logged(Task task) throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      task.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void autoTakesJavaWhereItUnderstandsTheFile() throws IOException {
    String log =
        logged(
            () -> {
              try (Tokenizer tokenizer = bytes().open()) {
                assertThat(tokenizer.engine(), is(TokenizerEngine.JAVA));
                assertThat(tokenizer.encode("abcd<s>"), is(TokenIds.of(257, 100, 60, 115, 62)));
                assertThat(tokenizer.decode(TokenIds.of(257, 258)), is("abc<s>"));
                assertThat(tokenizer.vocabularySize(), is(259));
              }
            });

    assertThat(log, is(""));
  }

  @Test
  void autoTakesTheLibraryElseAndSaysOnceWhy() throws IOException {
    TokenizerSpec spec = words();
    String log =
        logged(
            () -> {
              try (Tokenizer tokenizer = spec.open();
                  Tokenizer again = spec.open()) {
                assertThat(tokenizer.engine(), is(TokenizerEngine.DJL));
                assertThat(again.encode("a c b"), is(TokenIds.of(1, 0, 2)));
              }
            });

    assertThat(log.lines().count(), is(1L));
    assertThat(
        log,
        allOf(
            containsString("tokenizer words: the Java encoder does not understand its "),
            containsString("pre_tokenizer Whitespace"),
            containsString("; the library encodes instead")));
  }

  @Test
  void javaIsRefusedWhereItDoesNotUnderstandTheFile() throws IOException {
    TokenizerSpec spec = words().withEngine(TokenizerEngine.JAVA);

    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, spec::open);

    assertThat(
        e.getMessage(),
        allOf(
            containsString("words.json: tokenize.engine cannot be java"),
            containsString("pre_tokenizer Whitespace"),
            containsString("set it to auto or djl")));
    assertThat(SharedTokenizer.users(spec), is(0));
  }

  @Test
  void djlIsTheLibraryWithoutAWord() throws IOException {
    for (TokenizerSpec spec : new TokenizerSpec[] {bytes(), words()}) {
      String log =
          logged(
              () -> {
                try (Tokenizer tokenizer = spec.withEngine(TokenizerEngine.DJL).open()) {
                  assertThat(tokenizer.engine(), is(TokenizerEngine.DJL));
                  assertThat(tokenizer.encode("a").length(), is(1));
                }
              });
      assertThat(log, is(""));
    }
  }

  @Test
  void sharesByEngineAndWayOfCutting() throws IOException {
    TokenizerSpec java = bytes().withEngine(TokenizerEngine.JAVA);
    TokenizerSpec library = bytes().withEngine(TokenizerEngine.DJL);
    TokenizerSpec cut = library.withSplitDigits(SplitDigits.ISOLATED);

    try (Tokenizer one = java.open();
        Tokenizer two = library.open();
        Tokenizer three = cut.open()) {
      assertThat(one.engine(), is(TokenizerEngine.JAVA));
      assertThat(two.engine(), is(TokenizerEngine.DJL));
      assertThat(SharedTokenizer.users(java), is(1));
      assertThat(SharedTokenizer.users(library), is(1));
      assertThat(SharedTokenizer.users(cut), is(1));
      assertThat(three.encode("12"), is(TokenIds.of(49, 50)));
    }
  }

  @Test
  void travelsWithEngineAndWayOfCutting() throws IOException {
    TokenizerSpec spec =
        bytes().withEngine(TokenizerEngine.JAVA).withSplitDigits(SplitDigits.ATTACH_SPACE);

    assertThat(SerializableUtils.clone(spec), is(spec));
    assertThat(spec.engine(), is(TokenizerEngine.JAVA));
    assertThat(spec.splitDigits(), is(SplitDigits.ATTACH_SPACE));
    assertThat(bytes().engine(), is(TokenizerEngine.AUTO));
    assertThat(bytes().splitDigits(), is(SplitDigits.NONE));
  }

  @Test
  void opensTheLibraryOnlyWhenItIsNeeded() throws Exception {
    TokenizerJson json = new TokenizerJson("tiny", new TinyTokenizer("a b").bytes());
    try (JavaTokenizer tokenizer = new JavaTokenizer(json, false)) {
      assertThat(tokenizer.encode("ab"), is(TokenIds.of(256)));
      assertThat(tokenizer.hasLibrary(), is(false));

      assertThat(tokenizer.decode(TokenIds.of(256)), is("ab"));
      assertThat(tokenizer.hasLibrary(), is(true));
    }
  }

  /** U+11938 has a normal form, but only since Unicode 13: the library does not know it. */
  @Test
  void leavesToTheLibraryWhatJavaMayNotAnswerAndCountsIt() throws Exception {
    TinyTokenizer tiny = new TinyTokenizer();
    tiny.json().putObject("normalizer").put("type", "NFC");
    TokenizerSpec spec = tiny.spec(folder, false).withEngine(TokenizerEngine.JAVA);
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    List<Document> documents = new ArrayList<>();
    for (String text : new String[] {"a", "\ud806\udd38", "b\ud806\udd38"}) {
      long place = documents.size();
      documents.add(new Document(new OrderKey(0, place), "x:" + place, "x", text, "{}"));
    }

    PCollection<TokenIds> ids =
        pipeline
            .apply(Create.of(documents).withCoder(Document.DocumentCoder.of()))
            .apply(Tokenize.using(spec))
            .elements()
            .apply(
                MapElements.into(TypeDescriptor.of(TokenIds.class)).via(TokenizedDocument::tokens));

    PAssert.that(ids)
        .containsInAnyOrder(
            TokenIds.of('a'),
            TokenIds.of(0xf0, 0x91, 0xa4, 0xb8),
            TokenIds.of('b', 0xf0, 0x91, 0xa4, 0xb8));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    long left = 0;
    for (MetricResult<Long> counter :
        result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
      if (counter.getName().getName().equals("textsEncodedByLibrary")) {
        left += counter.getAttempted();
      }
    }
    assertThat(left, is(2L));
  }

  @Test
  void javaTakesTextsThatAreTooLongForTheLibrary() throws IOException {
    String text = "ab ".repeat(HuggingFaceTokenizer.MAX_LENGTH / 3 + 1);
    assertThat(text.length() > HuggingFaceTokenizer.MAX_LENGTH, is(true));

    try (Tokenizer java = bytes().withEngine(TokenizerEngine.JAVA).open();
        Tokenizer library = bytes().withEngine(TokenizerEngine.DJL).open()) {
      assertThat(java.encode(text).length(), is(2 * text.length() / 3));
      UntokenizableTextException e =
          assertThrows(UntokenizableTextException.class, () -> library.encode(text));
      assertThat(e.getMessage(), containsString("expected at most 16777216"));
    }
  }
}
