package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.retrieval.RetrievalIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.Datasets;
import org.millrace.pipelines.Job;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

/** Both samplers on the Direct runner, over files whose every token is its own number. */
class CepeSampleTest {

  private static final int[] MANY = NpyFolder.lengths(40, 30);

  @TempDir private Path folder;
  private NpyFolder corpus;

  /** Five files of 1,200 tokens, one of 300 documents, two of 40; and one that is of no domain. */
  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = new NpyFolder(folder.resolve("in"));
    for (int i = 0; i < 5; i++) {
      corpus.add("arxiv/a" + i + ".npy", MANY);
    }
    corpus.add("book/b.npy", NpyFolder.lengths(300, 20));
    corpus.add("deep/wiki/w0.npy", MANY).add("deep/wiki/w1.npy", MANY);
    corpus.add("notarxiv/x.npy", 50);
  }

  private static List<String> settings(String... more) {
    return Stream.concat(
            Stream.of(
                "domains=arxiv=0.5,book=0.3,wiki=0.2",
                "vocabulary_size=65536",
                "output.num_shards=3"),
            Stream.of(more))
        .toList();
  }

  private static List<String> concat(String... more) {
    return settings(
        Stream.concat(
                Stream.of(
                    "encoder_tokens=6",
                    "decoder_tokens=2",
                    "samples.test=20",
                    "samples.train=100",
                    "retrieval=null"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static List<String> ab(String... more) {
    return settings(
        Stream.concat(
                Stream.of(
                    "total_tokens=8",
                    "decoder_tokens=2",
                    "samples.test=20",
                    "samples.train=100"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path run(String recipe, List<String> overrides) throws IOException {
    return run(recipe, overrides, "");
  }

  private Path run(String recipe, List<String> overrides, String tokenizer) throws IOException {
    Path out = Files.createTempDirectory(folder, "out");
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Job job = new Job(corpus.location(), out.toString(), tokenizer);
    Datasets.plan(Datasets.recipe(recipe, overrides), job).addTo(pipeline);
    pipeline.run().waitUntilFinish();
    assertThat(DatasetVerifier.verify(StoredDataset.open(out.toString())), is(empty()));
    return out;
  }

  private static Manifest manifest(Path out) throws IOException {
    return Manifest.parse(Files.readAllBytes(out.resolve(Manifest.FILE_NAME)), "manifest");
  }

  private static JsonNode splits(Path out) throws IOException {
    return new ObjectMapper().readTree(manifest(out).reports().get("splits")).path("domains");
  }

  private static List<String> files(Path out, String domain, String split) throws IOException {
    List<String> files = new ArrayList<>();
    splits(out)
        .path(domain)
        .path("splits")
        .path(split)
        .path("files")
        .forEach(file -> files.add(file.asText()));
    return files;
  }

  /** A sample of MDS. */
  private record Sample(String domain, long index, TokenIds previous, TokenIds own) {

    int first() {
      return previous.get(0);
    }

    /** Each token is the one after the other. */
    boolean isRun() {
      for (int i = 0; i < previous.length(); i++) {
        if (previous.get(i) != first() + i) {
          return false;
        }
      }
      for (int i = 0; i < own.length(); i++) {
        if (own.get(i) != first() + previous.length() + i) {
          return false;
        }
      }
      return true;
    }
  }

  private static List<StoredSample> stored(Path folder, StoredFormat format) throws IOException {
    List<StoredSample> samples = new ArrayList<>();
    for (List<StoredFile> shard :
        format.shards(StoredFolder.list(folder.toString()), finding -> {})) {
      try (ShardReader reader = format.open(shard);
          SampleCursor cursor = reader.read(0)) {
        for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
          samples.add(next.get());
        }
      }
    }
    return samples;
  }

  private static List<Sample> samples(Path out, String part) throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (StoredSample sample : stored(out.resolve("mds").resolve(part), MdsIO.format())) {
      samples.add(
          new Sample(
              (String) sample.value(sample.index("domain").orElseThrow()),
              (Long) sample.value(sample.index("index").orElseThrow()),
              sample.ids("prev_token_ids", part),
              sample.ids("token_ids", part)));
    }
    return samples;
  }

  @Test
  void everySampleIsAWindowOfAFileOfItsSplit() throws IOException {
    Path out = run("cepe-sample-concat", concat());

    Set<Integer> own = new HashSet<>();
    for (String split : new String[] {"test", "train"}) {
      int of = split.equals("test") ? 1 : 5;
      assertThat(everyWindow(out, split, "arxiv", own), equalTo(10 * of));
      assertThat(everyWindow(out, split, "book", own), equalTo(6 * of));
      assertThat(everyWindow(out, split, "wiki", own), equalTo(4 * of));
    }
  }

  /** Checks the samples of a folder, and gives their number back. */
  private int everyWindow(Path out, String split, String domain, Set<Integer> own)
      throws IOException {
    List<Sample> samples = samples(out, split + "/" + domain);
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      assertThat(sample.domain(), equalTo(domain));
      assertThat(sample.index(), equalTo((long) i));
      assertThat(sample.previous().length(), equalTo(6));
      assertThat(sample.own().length(), equalTo(2));
      assertThat(sample.toString(), sample.isRun());
      String file = corpus.file(sample.first()).replaceFirst("^deep/", "");
      assertThat(corpus.file(sample.own().get(1)), endsWith(file));
      assertThat(
          file,
          files(out, domain, split).stream().anyMatch(name -> name.split("#")[0].equals(file)));
      assertThat("no two windows have the same tokens for own", own.add(sample.own().get(0)));
    }
    return samples.size();
  }

  /** Of whole files, windows begin at every second token, and go over the ends of documents. */
  @Test
  void windowsOfAStreamCrossDocuments() throws IOException {
    Path out = run("cepe-sample-concat", concat("samples.train=1000"));

    int crossing = 0;
    for (Sample sample : samples(out, "train/arxiv")) {
      assertThat(corpus.offset(sample.first()) % 2, equalTo(0));
      boolean one =
          corpus.document(sample.first()).equals(corpus.document(sample.own().get(1)));
      crossing += one ? 0 : 1;
    }
    assertThat(crossing, greaterThan(0));
  }

  @Test
  void windowsOfDocumentsStayWithinOne() throws IOException {
    Path out = run("cepe-sample-ab", ab("samples.train=900"));

    for (String domain : new String[] {"arxiv", "book", "wiki"}) {
      for (Sample sample : samples(out, "train/" + domain)) {
        assertThat(sample.toString(), sample.isRun());
        assertThat(corpus.offsetInDocument(sample.first()) % 2, equalTo(0));
        assertThat(
            corpus.document(sample.own().get(1)), equalTo(corpus.document(sample.first())));
      }
    }
  }

  /** Five files: one for test, one for training; each of them gives what is wanted of it. */
  @Test
  void splitsStayTheSame() throws IOException {
    Path one = run("cepe-sample-concat", concat());
    Path two =
        run("cepe-sample-ab", ab("total_tokens=12", "decoder_tokens=4", "samples.test=1"));

    for (String domain : new String[] {"arxiv", "book", "wiki"}) {
      for (String split : new String[] {"test", "train", "retrieval"}) {
        assertThat(files(two, domain, split), equalTo(files(one, domain, split)));
        assertThat(domain + " " + split, files(one, domain, split), is(not(empty())));
      }
    }
    assertThat(files(one, "arxiv", "test").size(), equalTo(1));
    assertThat(files(one, "book", "train").size(), equalTo(49));
    assertThat(files(one, "wiki", "test").get(0), containsString("#"));
  }

  @Test
  void anotherSeedTakesOthers() throws IOException {
    Path one = run("cepe-sample-concat", concat("seed=1"));
    Path two = run("cepe-sample-concat", concat("seed=2"));

    assertThat(samples(two, "train/wiki"), not(equalTo(samples(one, "train/wiki"))));
  }

  @Test
  void aTargetOfNothingMakesNothing() throws IOException {
    Path out = run("cepe-sample-ab", ab("samples.train=0"));

    assertThat(Files.exists(out.resolve("mds/train")), is(false));
    assertThat(samples(out, "test/arxiv").size(), equalTo(10));
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> run("cepe-sample-ab", ab("samples.train=0", "samples.test=0")));
    assertThat(error.getMessage(), containsString("are both 0"));
  }

  /** A window of 8 tokens every 2: 30 - 6 over 2 are 12 a document of arxiv, 480 a file. */
  @Test
  void saysWhatIsMissing() {
    TooFewWindowsException error =
        assertThrows(
            TooFewWindowsException.class,
            () -> run("cepe-sample-ab", ab("samples.train=1000", "samples.test=961")));

    assertThat(
        error.getMessage().lines().toList(),
        contains(
            "the input has too few windows for the targets:",
            "  arxiv, train: 500 wanted, 480 there, in 40 documents of 1200 tokens",
            "  book, test: 288 wanted, 21 there, in 3 documents of 60 tokens",
            "  wiki, test: 192 wanted, 12 there, in 1 documents of 30 tokens",
            "give more input, lower the targets, or set allow_short to true to take what there is"));
  }

  @Test
  void takesAllThereIsWhereThatIsAllowed() throws IOException {
    Path out = run("cepe-sample-ab", ab("samples.train=1000", "allow_short=true"));

    assertThat(samples(out, "train/arxiv").size(), equalTo(480));
    JsonNode split = splits(out).path("arxiv").path("splits").path("train");
    assertThat(split.path("wanted").asInt(), equalTo(500));
    assertThat(split.path("windows").asInt(), equalTo(480));
    assertThat(split.path("taken").asInt(), equalTo(480));
  }

  @Test
  void aDomainWithoutFilesIsMissing() throws IOException {
    List<String> overrides = List.of("domains=arxiv=0.5,github=0.1", "samples.train=0");
    List<String> all = Stream.concat(ab().stream(), overrides.stream()).toList();

    TooFewWindowsException error =
        assertThrows(TooFewWindowsException.class, () -> run("cepe-sample-ab", all));

    assertThat(
        error.getMessage(),
        containsString(
            "github: no npy file is in a folder of this name; the folders are [arxiv, book, deep,"
                + " notarxiv, wiki]"));
    Path out =
        run(
            "cepe-sample-ab",
            Stream.concat(all.stream(), Stream.of("allow_short=true")).toList());
    assertThat(samples(out, "test/arxiv").size(), equalTo(10));
  }

  /** By hand, for the one file of arxiv that is for training; nothing of wiki is wanted there. */
  @Test
  void accountsForEveryDocumentAndToken() throws IOException {
    Path out =
        run("cepe-sample-ab", ab("domains=arxiv=0.5", "samples.test=0", "samples.train=100"));

    assertThat(
        manifest(out).ledger().entries(),
        contains(
            new LedgerEntry("arxiv", "read", Ledger.READ, 200, 0, 0),
            new LedgerEntry("arxiv", "read", Ledger.TOKENIZED, 0, 0, 6000),
            new LedgerEntry("arxiv", "split", "unused_split", 160, 0, 4800),
            new LedgerEntry("arxiv", "window", "context_alone", 0, 0, 40 * 6),
            new LedgerEntry("arxiv", "window", "cut_into_windows", 40, 0, 0),
            new LedgerEntry("arxiv", "window", "tail", 0, 0, 0),
            new LedgerEntry("arxiv", "window", "too_short", 0, 0, 0),
            new LedgerEntry("arxiv", "window", "window_not_taken", 0, 0, 2 * (480 - 50)),
            new LedgerEntry("arxiv", "write", Ledger.WRITTEN, 0, 0, 2 * 50)));
    assertThat(manifest(out).inputs().size(), equalTo(5));
    JsonNode files =
        new ObjectMapper().readTree(manifest(out).reports().get("splits")).path("files");
    assertThat(files.path("of_no_domain").asInt(), equalTo(4));
  }

  @Test
  void pickledColumnsAndNoIndexAreWhatCepeHas() throws IOException {
    Path out = run("cepe-sample-ab", ab("output.ids=pkl", "output.index=false"));

    String index = Files.readString(out.resolve("mds/test/arxiv/index.json"));

    assertThat(
        index,
        containsString(
            "{\"column_encodings\": [\"str\", \"pkl\", \"pkl\"], \"column_names\": [\"domain\","
                + " \"prev_token_ids\", \"token_ids\"], \"column_sizes\": [null, null, null]"));
  }

  @Test
  void theNumberOfShardsDoesNotMatter() throws IOException {
    Path one = run("cepe-sample-concat", concat("output.num_shards=1"));
    Path other = run("cepe-sample-concat", concat("output.num_shards=8"));

    assertThat(samples(other, "train/arxiv"), equalTo(samples(one, "train/arxiv")));
  }

  /** Chunks of 4 tokens, whose number is in their first two; 46 tokens are 11 of them and 2 more. */
  @Test
  void passagesAndTheirNeighbors() throws IOException {
    corpus =
        new NpyFolder(
            folder.resolve("passages"),
            number -> number % 4 < 2 ? (number / 4 >> 7 * (1 - number % 4)) & 127 : 100);
    for (int i = 0; i < 4; i++) {
      corpus.add("arxiv/a" + i + ".npy", 28, 24, 0, 32, 46, 2);
    }
    ByteTokenizer.write(folder.resolve("bytes"), "<|endoftext|>", "<s>");
    Path out =
        run(
            "cepe-sample-concat",
            List.of(
                "domains=arxiv=1",
                "encoder_tokens=6",
                "decoder_tokens=2",
                "samples.test=3",
                "samples.train=0",
                "retrieval.chunk_tokens=4",
                "retrieval.shards=3",
                "retrieval.passages_per_shard=20"),
            folder.resolve("bytes").toString());

    Set<String> seen = new HashSet<>();
    List<StoredSample> all = stored(out, RetrievalIO.format());
    assertThat(all.size(), equalTo(60));
    for (int i = 0; i < 60; i++) {
      StoredSample passage = all.get(i);
      assertThat(passage.value(0), equalTo("arxiv_" + i / 20 + "_" + i % 20));
      TokenIds contents = passage.ids("contents_token_ids", "");
      TokenIds neighbor = passage.ids("neighbor_token_ids", "");
      assertThat(contents.length(), equalTo(4));
      int number = contents.get(0) << 7 | contents.get(1);
      if (neighbor.length() >= 2) {
        assertThat(neighbor.get(0) << 7 | neighbor.get(1), equalTo(number + 1));
      }
      assertThat("no passage is taken twice", seen.add(contents.toString()));
    }
  }

  /** What numpy wrote as CEPE does: 25 documents of [1] + 5 to 54 ids + [2]. */
  @Test
  void readsWhatCepeWrote() throws IOException {
    Path golden =
        Path.of(System.getProperty("millrace.home"), "../shared/data/golden/npy/cepe-int64.npy");
    assumeTrue(Files.exists(golden), "needs the golden npy file, which is not here");
    Files.createDirectories(folder.resolve("cepe/arxiv"));
    Files.copy(golden, folder.resolve("cepe/arxiv/x.npy"));
    corpus = new NpyFolder(folder.resolve("cepe"));

    Path out =
        run(
            "cepe-sample-ab",
            List.of(
                "domains=arxiv=1",
                "vocabulary_size=32000",
                "total_tokens=10",
                "decoder_tokens=5",
                "samples.test=1000",
                "samples.train=1000",
                "allow_short=true"));

    // Each of the windows, by hand: floor((7 + 11 i mod 50 - 5) / 5) of 25 documents.
    int windows = 0;
    for (int i = 0; i < 25; i++) {
      int length = 7 + 11 * i % 50;
      windows += length < 10 ? 0 : (length - 5) / 5;
    }
    JsonNode found = splits(out).path("arxiv").path("splits");
    assertThat(found.path("test").path("documents").asInt(), equalTo(1));
    assertThat(found.path("train").path("documents").asInt(), equalTo(11));
    assertThat(found.path("retrieval").path("documents").asInt(), equalTo(13));
    int taken = found.path("test").path("taken").asInt() + found.path("train").path("taken").asInt();
    assertThat(taken < windows && taken > windows / 5, is(true));
    assertThat(samples(out, "train/arxiv").size(), equalTo(found.path("train").path("taken").asInt()));
  }

  @Test
  void anUnfinishedDatasetIsNoInput() throws IOException {
    corpus.add(".temp-12/1.npy", 5);

    Exception error =
        assertThrows(IllegalArgumentException.class, () -> run("cepe-sample-ab", ab()));

    assertThat(error.getMessage(), containsString("is unfinished"));
  }

  @Test
  void passagesNeedATokenizer() {
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> run("cepe-sample-concat", settings("samples.train=0", "samples.test=1")));

    assertThat(error.getMessage(), containsString("retrieval needs --tokenizer=PATH"));
  }

  @Test
  void theVocabularyMustBeKnown() {
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> run("cepe-sample-ab", ab("vocabulary_size=null")));
    Exception narrow =
        assertThrows(
            IllegalArgumentException.class,
            () -> run("cepe-sample-ab", ab("vocabulary_size=100000", "output.ids=uint16")));

    assertThat(error.getMessage(), containsString("--set=vocabulary_size=32000"));
    assertThat(narrow.getMessage(), containsString("output.ids is uint16"));
  }

  /** Ids run up to 9,800 here. */
  @Test
  void anIdOutsideTheVocabularyFailsTheRun() {
    RuntimeException error =
        assertThrows(
            RuntimeException.class, () -> run("cepe-sample-ab", ab("vocabulary_size=100")));

    assertThat(String.valueOf(error.getMessage()), containsString("100"));
  }

  @Test
  void aFileIsOfOneDomain() throws IOException {
    corpus.add("arxiv/book/x.npy", 5);

    Exception error =
        assertThrows(IllegalArgumentException.class, () -> run("cepe-sample-ab", ab()));

    assertThat(
        error.getMessage(),
        containsString("arxiv/book/x.npy: is of two domains, arxiv and book"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          domains=arxiv           | must be written as name=weight, like arxiv=0.025, was arxiv
          domains=arxiv=1.5       | the weight of a domain must be above 0, at most 1, was arxiv=1.5
          domains=arxiv=0         | the weight of a domain must be above 0, at most 1, was arxiv=0
          domains=a=0.6,b=0.5     | the weights of domains must be at most 1 together, were 1.1
          domains=a=0.1,a=0.2     | domains must differ, but a is there twice
          decoder_tokens=8        | decoder_tokens must be below total_tokens, 8, was 8
          """)
  void refusesRecipesThatMakeNoSense(String override, String expected) {
    Exception error =
        assertThrows(
            IllegalArgumentException.class, () -> run("cepe-sample-ab", ab(override.strip())));

    assertThat(error.getMessage(), containsString(expected));
  }
}
