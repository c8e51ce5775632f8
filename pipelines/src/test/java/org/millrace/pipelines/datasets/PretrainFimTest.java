package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.shard.Manifest;
import org.millrace.pipelines.Datasets;
import org.millrace.transforms.ledger.LedgerEntry;

/**
 * Epochs, fill-in-the-middle, normal forms and parts in the whole graph on the Direct runner;
 * samples are shown with | as the end of a document and P, M, S, . as sentinels.
 */
class PretrainFimTest {

  /** Documents without dedup and shuffle, in one bucket; "abcdef" is there twice. */
  private static final List<String> BARE =
      List.of(
          "max_bad_fraction=0.2",
          "dedup=null",
          "shuffle=null",
          "pack.buckets=1",
          "pack.sequence_length=10",
          "output.num_shards=1");

  private static final String[] TEXTS = {
    "ghijklmno", "pq", "rstuv", "abcdef", "abcdef", "wxyz", "0123"
  };

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void makeCorpus() throws IOException {
    corpus = Corpus.in(folder);
  }

  private void run(String... more) throws IOException {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Datasets.plan(Datasets.recipe("pretrain", bareAnd(more)), corpus.job()).addTo(pipeline);
    pipeline.run().waitUntilFinish();
  }

  private static List<String> bareAnd(String... more) {
    return Stream.concat(BARE.stream(), Stream.of(more)).toList();
  }

  private static String restored(String text) {
    return text.replaceFirst("^P(.*)S(.*)M(.*)$", "$1$3$2");
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(corpus.manifest().reports().get("fim"));
  }

  @Test
  void permutesDocumentsAsAWholeAndNothingIsLost() throws IOException {
    run("pack=null", "fim.rate=1", "fim.unit=document", "fim.spm_rate=0.4");

    List<String> restored = new ArrayList<>();
    for (String document : corpus.documents()) {
      assertThat(document.matches("P.*S.*M.*\\|"), equalTo(true));
      restored.add(restored(document.substring(0, document.length() - 1)));
    }
    assertThat(restored, contains(TEXTS));
    assertThat(
        corpus.manifest().ledger().entries(),
        hasItems(
            new LedgerEntry("books", "fim", "sentinels", 0, 0, 9),
            new LedgerEntry("web", "fim", "sentinels", 0, 0, 12),
            new LedgerEntry("web", "tokenize", "tokenized", 4, 20, 24),
            new LedgerEntry("web", "write", "written", 4, 20, 36)));
    assertThat(report().at("/segments").asInt(), equalTo(7));
    assertThat(report().at("/permuted").asInt(), equalTo(7));
    assertThat(report().at("/rate/achieved").asDouble(), equalTo(1.0));
  }

  @Test
  void countsPermutedDocumentsThatPackingSplits() throws IOException {
    run("fim.rate=1", "fim.unit=document", "pack.leftover=pad", "pack.pad_token=<pad>");

    long split =
        corpus.sequences(10).stream()
            .filter(s -> !s.endsWith("|") && !s.endsWith("_"))
            .filter(s -> s.substring(s.lastIndexOf('|') + 1).matches(".*[PMS].*"))
            .count();
    assertThat(split > 0, equalTo(true));
    assertThat(report().at("/truncated").asLong(), equalTo(split));
    assertThat(report().at("/tokens_cut").asLong(), equalTo(0L));
  }

  @Test
  void permutesSegmentsOfSequencesWhichKeepTheirLength() throws IOException {
    run("fim.rate=1", "output.formats=npy,mds", "output.mds.columns=tokens,mask,labels");

    List<String> sequences = corpus.sequences(10);
    // 43 tokens of text and ends make four sequences; what is behind the fourth is left over.
    assertThat(sequences.size(), equalTo(4));
    for (String sequence : sequences) {
      assertThat(sequence.length(), equalTo(10));
      assertThat(sequence.matches("P.*S.*"), equalTo(true));
    }
    JsonNode report = report();
    assertThat(report.at("/segments").asInt(), equalTo(9));
    assertThat(
        report.at("/psm").asInt() + report.at("/spm").asInt(),
        equalTo(report.at("/permuted").asInt()));
    assertThat(report.at("/tokens_added").asInt(), equalTo(3 * report.at("/permuted").asInt()));
    assertThat(report.at("/tokens_cut").asInt(), equalTo(report.at("/tokens_added").asInt()));
    assertThat(report.at("/sentinels/prefix/id").asInt(), equalTo(259));
    assertThat(report.at("/sentinels/prefix/text").asText(), equalTo("<fim_prefix>"));
    assertThat(report.at("/sentinels/prefix/added").asBoolean(), equalTo(true));
    Manifest manifest = corpus.manifest();
    assertThat(manifest.header().tokenizer().vocabularySize(), equalTo(263));
    assertThat(manifest.header().recipe(), containsString("\"middle_token\":\"<fim_middle>\""));
  }

  @Test
  void eachEpochIsPermutedAnew() throws IOException {
    run("epochs=2", "fim.rate=0.9", "shuffle.documents=false", "shuffle.sequences=true");

    List<String> sequences = corpus.sequences(10);
    assertThat(sequences.size(), equalTo(8));
    assertThat(sequences.stream().distinct().count() > 5, equalTo(true));
    assertThat(
        corpus.manifest().ledger().entries().stream()
            .filter(entry -> entry.step().equals("epochs"))
            .mapToLong(LedgerEntry::tokens)
            .sum(),
        equalTo(40L));
  }

  @Test
  void epochsWithoutAnythingElseRepeat() throws IOException {
    run("epochs=3");

    List<String> sequences = corpus.sequences(10);
    assertThat(sequences.size(), equalTo(12));
    assertThat(sequences.stream().distinct().count(), equalTo(4L));
  }

  @Test
  void charactersAreCutAndEncodedAnew() throws IOException {
    run("pack=null", "fim.rate=1", "fim.unit=document", "fim.span=char");

    List<String> restored = new ArrayList<>();
    corpus.documents().forEach(d -> restored.add(restored(d.substring(0, d.length() - 1))));
    assertThat(restored, contains(TEXTS));
    assertThat(report().at("/span").asText(), equalTo("char"));
  }

  @Test
  void sourcesArePartsThatArePackedApart() throws IOException {
    run("output.parts=source", "pack.sequence_length=6", "output.num_shards=2");

    Manifest manifest = corpus.manifest();
    assertThat(
        manifest.outputs().stream().map(Manifest.Output::folder).toList(),
        contains("npy/books", "npy/web"));
    // Books are 19 tokens, the web 24.
    assertThat(
        manifest.outputs().stream().map(Manifest.Output::samples).toList(), contains(3L, 4L));
    assertThat(
        corpus.files(),
        containsInAnyOrder(
            "failures/bad-records.jsonl",
            "manifest.json",
            // One bucket in its own order falls into the first shard.
            "npy/books/shard-00000.npy",
            "npy/web/shard-00000.npy"));
    assertThat(
        manifest.ledger().entries(),
        hasItem(new LedgerEntry("books", "pack", "leftover", 0, 0, 1)));
  }

  @Test
  void aFieldSaysTheSourceAndWithItThePart() throws IOException {
    Files.writeString(
        folder.resolve("in/web/a.jsonl"),
        """
        {"text":"abcdef","meta":{"set":"C4"}}
        {"text":"ghijkl","meta":{"set":"Book"}}
        {"text":"mnopqr","meta":{"set":"Other"}}
        """);
    Files.delete(folder.resolve("in/books/b.jsonl"));

    run(
        "max_bad_fraction=0.5",
        "read.source_field=meta.set",
        "read.sources=Book,C4",
        "output.parts=source",
        "pack.sequence_length=7");

    assertThat(
        corpus.manifest().outputs().stream().map(Manifest.Output::folder).toList(),
        contains("npy/Book", "npy/C4"));
    assertThat(corpus.sequences(7), contains("ghijkl|"));
    assertThat(corpus.failures(), containsString("UnknownSource"));
    assertThat(
        corpus.manifest().ledger().entries(),
        hasItems(
            new LedgerEntry("Book", "write", "written", 1, 6, 7),
            new LedgerEntry("web", "read", "bad", 1, 0, 0)));
  }

  @Test
  void readsFilesOfANumberAndBareTextsInNormalForm() throws IOException {
    Files.delete(folder.resolve("in/books/b.jsonl"));
    Files.delete(folder.resolve("in/web/a.jsonl"));
    Files.writeString(folder.resolve("in/web/x-0.jsonl"), "\"no\"\n");
    Files.writeString(folder.resolve("in/web/x-1.jsonl"), "[\"ka\",\"e\\u0301\"]\n");

    run(
        "pack=null",
        "read.select.modulus=2",
        "read.select.remainder=1",
        "read.json_texts=any",
        "normalize.form=nfc");

    assertThat(corpus.documents(), contains("ka\n\n\u00C3\u00A9|"));
    assertThat(
        corpus.manifest().ledger().entries(),
        hasItem(new LedgerEntry("web", "normalize", "normalized", 0, 1, 0)));
    assertThat(corpus.manifest().inputs().size(), equalTo(1));
  }

  @Test
  void shortSequencesArePaddedAndCounted() throws IOException {
    run("pack.short_seq_prob=1", "pack.pad_token=<pad>");

    List<String> sequences = corpus.sequences(10);
    assertThat(sequences.size(), equalTo(4));
    sequences.forEach(sequence -> assertThat(sequence, containsString("_")));
    assertThat(
        corpus.manifest().ledger().entries().stream().map(LedgerEntry::reason).toList(),
        hasItems("short_sequence", "leftover"));
  }

  @Test
  void aTokenizersOwnSentinelsAreUsed() throws IOException {
    run("pack=null", "fim.rate=1", "fim.unit=document", "fim.pad_token=<pad>");

    assertThat(report().at("/sentinels/pad/id").asInt(), equalTo(258));
    assertThat(report().at("/sentinels/pad/added").asBoolean(), equalTo(false));
    assertThat(report().at("/sentinels/suffix/added").asBoolean(), equalTo(true));
  }

  @ParameterizedTest
  @CsvSource({
    "fim.unit=segment pack=null, 'fim.unit is segment, a part of a packed sample, but pack is null'",
    "fim.span=char tokenize.engine=djl, 'fim.span is char: text cannot be cut'",
    "fim.prefix_token=<|endoftext|>, '<|endoftext|> (id 256) begins or ends documents'",
    "fim.prefix_token=<pad> fim.suffix_token=258, 'the sentinels must be three tokens'",
    "output.parts=source output.num_shards=input_files pack=null fim=null, 'output.parts is source, but"
        + " output.num_shards is input_files'",
    "output.parts=source read.source_field=meta.set, 'list them in read.sources'",
    "read.select.modulus=2 read.select.remainder=2, 'remainder must be in 0..1'",
    "pack.short_seq_prob=0.5 pack.pad_token=none, 'pack.short_seq_prob is above 0, but"
        + " pack.pad_token is none'"
  })
  void refusesWhatDoesNotGoTogether(String overrides, String message) {
    List<String> all =
        Stream.concat(Stream.of("fim.rate=1"), Stream.of(overrides.split(" "))).toList();

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Datasets.plan(
                        Datasets.recipe("pretrain", bareAnd(all.toArray(String[]::new))),
                        corpus.job())
                    .input());

    assertThat(e.getMessage(), containsString(message));
  }
}
