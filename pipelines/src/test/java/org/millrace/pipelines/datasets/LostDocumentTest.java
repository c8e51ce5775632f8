package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.document.DocumentIO;
import org.millrace.io.failure.FailureIO;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.UnbalancedLedgerException;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.pack.PackSequences;
import org.millrace.transforms.shuffle.Shuffle;
import org.millrace.transforms.tokenize.Tokenize;
import org.millrace.transforms.tokenize.TokenizerSpec;

/** The graph of {@link PretrainPlan}, with a step that loses something and tells nobody. */
class LostDocumentTest {

  private static final int END_OF_TEXT = 256;
  private static final int VOCABULARY_SIZE = 259;
  private static final ManifestHeader HEADER =
      new ManifestHeader("{}", "ab", new ManifestHeader.Tokenizer("bytes", "cd", VOCABULARY_SIZE));

  @TempDir private Path folder;

  /** Runs the graph with a step that drops the element of an id where it is in the collection. */
  private Corpus run(String lost) throws IOException {
    Corpus corpus = Corpus.in(folder);
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Accounts accounts = new Accounts();
    DocumentIO.ReadOutput read = pipeline.apply("Read", DocumentIO.read().from(corpus.input()));
    PCollection<Document> documents =
        read.step()
            .into(accounts)
            .apply("LoseDocument", Filter.by(document -> !lost.equals("read " + document.id())));
    PCollection<KV<OrderKey, TokenizedDocument>> tokenized =
        documents
            .apply(
                "Tokenize",
                Tokenize.using(TokenizerSpec.of(corpus.tokenizer(), false)).withEos(END_OF_TEXT))
            .into(accounts)
            .apply("LoseTokens", Filter.by(tokens -> !lost.equals("tokenized " + tokens.id())))
            .apply("KeepOrder", Shuffle.none());
    PCollection<KV<OrderKey, PackedSequence>> packed =
        tokenized
            .apply("Pack", PackSequences.toLength(10))
            .into(accounts)
            .apply("LoseSequence", Filter.by(sequence -> !lost.equals("packed " + sequence.id())))
            .apply("KeepOrderOfSequences", Shuffle.none());
    packed.apply(
        "Write",
        ShardIO.<PackedSequence>write()
            .to(corpus.output().toString())
            .withHeader(HEADER)
            .withInputs(read.inputs().apply("Inputs", View.asIterable()))
            .withLedger(accounts.entries(pipeline).apply("Ledger", Ledger.sum().asSingletonView()))
            .withBadRecords(
                accounts
                    .badRecords(pipeline)
                    .apply("WriteFailures", FailureIO.write().to(corpus.output().toString()))
                    .apply("BadRecordCount", View.asSingleton()))
            .via("npy", NpyIO.sequences(10, VOCABULARY_SIZE)));
    pipeline.run().waitUntilFinish();
    return corpus;
  }

  @Test
  void aRunThatLosesNothingSucceeds() throws IOException {
    Corpus corpus = run("nothing");

    assertThat(
        corpus.sequences(10), contains("ghijklmno|", "pq|rstuv|a", "bcdef|abcd", "ef|wxyz|01"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          read books/b.jsonl:21;  source books: 3 documents came in, 2 are accounted for (-1)
          read web/a.jsonl:38;    source web: 6 documents came in, 5 are accounted for (-1)
          tokenized web/a.jsonl:68;   source web: 6 documents came in, 5 are accounted for (-1)
          packed 0/0;  source books: 3 documents came in, 2 are accounted for (-1)
          packed 0/2;  source web: 6 documents came in, 5 are accounted for (-1)
          """)
  void aRunThatLosesADocumentFailsAndNamesItsSource(String lost, String problem)
      throws IOException {
    RuntimeException e = assertThrows(RuntimeException.class, () -> run(lost));

    List<String> messages =
        Throwables.getCausalChain(e).stream()
            .filter(cause -> cause instanceof UnbalancedLedgerException)
            .map(Throwable::getMessage)
            .toList();
    assertThat(messages.size(), equalTo(1));
    String start = "the ledger does not balance, no manifest was written: " + problem;
    assertThat(messages.get(0), messages.get(0).startsWith(start), equalTo(true));
    assertThat(new Corpus(folder).files().contains("manifest.json"), equalTo(false));
  }
}
