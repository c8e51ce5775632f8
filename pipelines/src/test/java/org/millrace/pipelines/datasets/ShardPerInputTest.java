package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Datasets;

/** One output file for each input file. */
class ShardPerInputTest {

  private static final List<String> BARE =
      List.of(
          "max_bad_fraction=0.2",
          "dedup=null",
          "shuffle=null",
          "pack=null",
          "output.num_shards=input_files");

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = Corpus.in(folder);
  }

  private DatasetPlan plan(String... overrides) throws IOException {
    List<String> all = Stream.concat(BARE.stream(), Stream.of(overrides)).toList();
    return Datasets.plan(Datasets.recipe("pretrain", all), corpus.job());
  }

  private void run(String... overrides) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    plan(overrides).addTo(pipeline);
    pipeline.run().waitUntilFinish();
  }

  private List<String> paths() throws IOException {
    return corpus.manifest().outputs().get(0).files().stream().map(Manifest.File::path).toList();
  }

  @Test
  void writesAFileForEachInputFileThatHasDocuments() throws IOException {
    Files.writeString(folder.resolve("in/books/empty.jsonl"), "");
    Files.writeString(folder.resolve("in/web/a b.txt"), "third");

    run();

    assertThat(paths(), contains("npy/books/b.npy", "npy/web/a%20b.npy", "npy/web/a.npy"));
    assertThat(
        corpus.documents(),
        contains("ghijklmno|", "pq|", "rstuv|", "third|", "abcdef|", "abcdef|", "wxyz|", "0123|"));
    assertThat(
        corpus.manifest().inputs().get(1), equalTo(new InputCount("books/empty.jsonl", 0, 0)));
    assertThat(
        DatasetVerifier.verify(StoredDataset.open(corpus.output().toString())), equalTo(List.of()));
  }

  /** Each bucket is a file then. */
  @Test
  void packsEachFileByItself() throws IOException {
    run("pack.sequence_length=8", "pack.buckets=2", "pack.leftover=pad");

    assertThat(paths(), contains("npy/books/b.npy", "npy/web/a.npy"));
    assertThat(
        corpus.sequences(8),
        contains("ghijklmn", "o|pq|rst", "uv||||||", "abcdef|a", "bcdef|wx", "yz|0123|"));
  }

  @Test
  void hasAsManyShardsAsFiles() throws IOException {
    assertThat(plan().numShards(), equalTo(2));
    assertThat(plan("output.num_shards=5").numShards(), equalTo(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shuffle.documents=true | shuffle.documents mixes the files; set shuffle to null, or output.num_shards to a number
          shuffle={documents: false, sequences: true} | shuffle.sequences mixes the files; set shuffle to null, or output.num_shards to a number
          pack.buckets=3 | pack joins documents of several files in 3 buckets; set pack to null, or pack.buckets to 2, the number of input files
          """)
  void refusesWhatMixesFiles(String override, String problem) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> plan(override));

    assertThat(e.getMessage(), equalTo("output.num_shards is input_files, but " + problem));
  }

  @Test
  void refusesTwoFilesOfOneName() throws IOException {
    Files.writeString(folder.resolve("in/web/a.txt"), "x");

    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, this::plan);

    assertThat(
        e.getMessage(),
        equalTo(
            "the input files web/a.jsonl and web/a.txt would both become web/a; rename one of"
                + " them"));
  }

  @Test
  void refusesAnInputThatIsNotThere() throws IOException {
    Files.delete(folder.resolve("in/web/a.jsonl"));
    Files.delete(folder.resolve("in/books/b.jsonl"));

    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, this::plan);

    assertThat(e.getMessage(), containsString("no file"));
  }

  /** Between the plan and the run. */
  @Test
  void failsWhenAFileHasCome() throws IOException {
    DatasetPlan plan = plan();
    Files.writeString(folder.resolve("in/web/new.txt"), "x");
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    plan.addTo(pipeline);

    RuntimeException e = assertThrows(RuntimeException.class, pipeline::run);

    assertThat(
        e.getMessage(),
        containsString(
            "the input has changed since the run began: expected 2 files, got 3, with"
                + " web/new.txt"));
    assertThat(Files.exists(corpus.output().resolve("manifest.json")), equalTo(false));
  }
}
