package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.TooManyBadRecordsException;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.Job;
import org.millrace.transforms.ledger.LedgerEntry;

/** The whole graph on the Direct runner; samples are shown with | as the end of a document. */
class PretrainTest {

  /** A recipe with nothing but read, tokenize and write; one bad record is allowed. */
  private static final List<String> BARE =
      List.of("max_bad_fraction=0.2", "dedup=null", "shuffle=null", "pack=null");

  /** Its hash keeps all but "pq" and "0123" of a half: both have more than 0.5 * 2^64. */
  private static final String SEED = "seed=360";

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = Corpus.in(folder);
  }

  private static List<String> bareAnd(String... more) {
    return Stream.concat(BARE.stream(), Stream.of(more)).toList();
  }

  private void run(List<String> overrides) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Datasets.plan(Datasets.recipe("pretrain", overrides), corpus.job()).addTo(pipeline);
    pipeline.run().waitUntilFinish();
  }

  /** What is refused before any work. */
  private static String refusal(Job job, String... overrides) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Datasets.plan(Datasets.recipe("pretrain", List.of(overrides)), job));
    return e.getMessage();
  }

  @Test
  void accountsForEveryDocumentByteAndToken() throws IOException {
    run(
        bareAnd(
            SEED,
            "sample.rate=0.5",
            "dedup.method=exact",
            "pack.sequence_length=10",
            "pack.buckets=1",
            "output.num_shards=2"));

    assertThat(corpus.sequences(10), contains("ghijklmno|", "rstuv|abcd"));
    assertThat(
        corpus.manifest().ledger().entries(),
        contains(
            new LedgerEntry("books", "read", "read", 3, 16, 0),
            new LedgerEntry("books", "sample", "not_sampled", 1, 2, 0),
            new LedgerEntry("books", "tokenize", "tokenized", 2, 14, 16),
            new LedgerEntry("books", "write", "written", 2, 14, 16),
            new LedgerEntry("web", "dedup", "exact_duplicate", 1, 6, 0),
            // "ef|wxyz|": a whole document, and the end of one that begins in the last sequence
            new LedgerEntry("web", "pack", "leftover", 1, 4, 8),
            new LedgerEntry("web", "read", "bad", 1, 0, 0),
            new LedgerEntry("web", "read", "read", 6, 20, 0),
            new LedgerEntry("web", "sample", "not_sampled", 1, 4, 0),
            new LedgerEntry("web", "tokenize", "empty", 1, 0, 0),
            new LedgerEntry("web", "tokenize", "tokenized", 2, 10, 12),
            new LedgerEntry("web", "write", "written", 1, 6, 4)));
    assertThat(
        corpus.manifest().inputs(),
        contains(new InputCount("books/b.jsonl", 52, 3), new InputCount("web/a.jsonl", 100, 5)));
    assertThat(
        corpus.failures(),
        equalTo(
            "{\"stage\":\"read\",\"id\":\"web/a.jsonl:18\",\"source\":\"web\","
                + "\"exception\":\"MissingText\",\"message\":\"no field named text or content\","
                + "\"record\":\"{\\\"title\\\":\\\"no text\\\"}\"}\n"));
    Manifest.Output output = corpus.manifest().outputs().get(0);
    assertThat(output.samples(), equalTo(2L));
    assertThat(output.tokens(), equalTo(20L));
    assertThat(
        corpus.files(),
        containsInAnyOrder(
            "failures/bad-records.jsonl", "manifest.json", output.files().get(0).path()));
  }

  @Test
  void tooManyBadRecordsLeaveNoManifest() throws IOException {
    List<String> overrides = new ArrayList<>(BARE);
    overrides.set(0, "max_bad_fraction=0.11");

    RuntimeException e = assertThrows(RuntimeException.class, () -> run(overrides));

    List<String> messages =
        Throwables.getCausalChain(e).stream()
            .filter(cause -> cause instanceof TooManyBadRecordsException)
            .map(Throwable::getMessage)
            .toList();
    assertThat(messages.size(), equalTo(1));
    assertThat(messages.get(0), containsString("1 of 9, allowed is a share of 0.11"));
    assertThat(corpus.files().contains("manifest.json"), equalTo(false));
    assertThat(corpus.failures(), containsString("\"id\":\"web/a.jsonl:18\""));
  }

  @Test
  void asManyBadRecordsAsAllowedAreNoError() throws IOException {
    List<String> overrides = new ArrayList<>(BARE);
    overrides.set(0, "max_bad_fraction=0.112");

    run(overrides);

    assertThat(corpus.manifest().outputs().get(0).samples(), equalTo(7L));
  }

  @Test
  void writesEachDocumentInItsPlaceWhenNoSectionIsThere() throws IOException {
    run(BARE);

    assertThat(
        corpus.documents(),
        contains("ghijklmno|", "pq|", "rstuv|", "abcdef|", "abcdef|", "wxyz|", "0123|"));
  }

  @Test
  void sampleKeepsAPart() throws IOException {
    run(bareAnd(SEED, "sample.rate=0.5"));

    assertThat(corpus.documents(), contains("ghijklmno|", "rstuv|", "abcdef|", "abcdef|", "wxyz|"));
  }

  @Test
  void dedupKeepsTheFirstOfEqualTexts() throws IOException {
    run(bareAnd("dedup.method=exact"));

    assertThat(
        corpus.documents(), contains("ghijklmno|", "pq|", "rstuv|", "abcdef|", "wxyz|", "0123|"));
    assertThat(
        corpus.manifest().ledger().entries(),
        hasItem(new LedgerEntry("web", "dedup", "exact_duplicate", 1, 6, 0)));
  }

  /** In the order of SHA-256("shuffle", 0, seed, id), calculated apart from this code. */
  @Test
  void shuffleOrdersByTheHashOfTheIds() throws IOException {
    run(bareAnd(SEED, "shuffle.documents=true"));

    assertThat(
        corpus.documents(),
        contains("rstuv|", "abcdef|", "ghijklmno|", "pq|", "abcdef|", "0123|", "wxyz|"));
  }

  @Test
  void shuffleOfSequencesLeavesWhatIsInThem() throws IOException {
    run(
        bareAnd(
            SEED,
            "shuffle.documents=false",
            "shuffle.sequences=true",
            "pack.sequence_length=8",
            "pack.buckets=1"));
    List<String> shuffled = corpus.sequences(8);

    List<String> packed = List.of("ghijklmn", "o|pq|rst", "uv|abcde", "f|abcdef", "|wxyz|01");
    assertThat(shuffled, containsInAnyOrder(packed.toArray()));
    assertThat(shuffled.equals(packed), equalTo(false));
  }

  @Test
  void packFillsTheLastSequenceUpOnDemand() throws IOException {
    run(
        bareAnd(
            "pack.sequence_length=16",
            "pack.buckets=1",
            "pack.leftover=pad",
            "pack.pad_token='<pad>'"));

    assertThat(
        corpus.sequences(16), contains("ghijklmno|pq|rst", "uv|abcdef|abcdef", "|wxyz|0123|_____"));
    assertThat(corpus.manifest().outputs().get(0).counts().get("padding"), equalTo(5L));
    assertThat(corpus.manifest().outputs().get(0).tokens(), equalTo(43L));
  }

  @Test
  void namesTheTokensThatItHasFound() throws IOException {
    run(
        bareAnd(
            "tokenize.add_bos=auto",
            "pack.sequence_length=32",
            "pack.buckets=1",
            "pack.leftover=pad"));
    String recipe = corpus.manifest().header().recipe();

    assertThat(recipe, containsString("\"add_bos\":\"<s>\""));
    assertThat(recipe, containsString("\"add_eos\":\"<|endoftext|>\""));
    assertThat(recipe, containsString("\"pad_token\":\"<|endoftext|>\""));
    assertThat(
        corpus.sequences(32),
        contains("^ghijklmno|^pq|^rstuv|^abcdef|^a", "bcdef|^wxyz|^0123|||||||||||||||"));
  }

  @Test
  void addsNoTokensWhereNoneAreAskedFor() throws IOException {
    run(bareAnd("tokenize.add_bos=none", "tokenize.add_eos=none"));

    assertThat(
        corpus.documents(),
        contains("ghijklmno", "pq", "rstuv", "abcdef", "abcdef", "wxyz", "0123"));
    assertThat(
        corpus.manifest().header().recipe(),
        containsString("\"tokenize\":{\"add_bos\":\"none\",\"add_eos\":\"none\""));
  }

  @Test
  void refusesATokenizerThatIsNotThere() {
    Job job = new Job(corpus.input(), corpus.output().toString(), folder + "/none");

    FileNotFoundException e =
        assertThrows(
            FileNotFoundException.class,
            () -> Datasets.plan(Datasets.recipe("pretrain", List.of()), job));
    assertThat(e.getMessage(), containsString("no tokenizer at " + folder + "/none"));
  }

  @Test
  void refusesATokenizerWithoutAnEndOfText() throws IOException {
    ByteTokenizer.write(folder.resolve("endless"), "<s>");
    Job job = new Job(corpus.input(), corpus.output().toString(), folder + "/endless");

    String refusal = refusal(job);

    assertThat(refusal, containsString("missing end-of-text: the tokenizer endless has none of"));
    assertThat(refusal, containsString("set tokenize.add_eos to a token's text or id, or to none"));
  }

  @ParameterizedTest
  @CsvSource({
    "pack.pad_token=none, 'pack.leftover is pad, but pack.pad_token is none'",
    "tokenize.add_eos=none, 'pack.pad_token is auto, the end-of-text, but tokenize.add_eos is none'",
    "pack.pad_token=<nothing>, 'missing padding: pack.pad_token asks for \"<nothing>\"'",
    "pack.pad_token=259, 'missing padding: pack.pad_token asks for the id 259'",
  })
  void refusesToPadWithoutAToken(String override, String problem) {
    assertThat(refusal(corpus.job(), "pack.leftover=pad", override), containsString(problem));
  }
}
