package org.millrace.runners.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollectionList;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.runners.faults.FaultySink.Fault;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.pack.PackSequences;
import org.millrace.transforms.shuffle.Shuffle;

/**
 * A dataset of 1,000 documents made up, packed and written in two formats, the second of them
 * faulty.
 */
final class FaultyJob {

  private FaultyJob() {}

  /** Runs it to its end. */
  static void run(PipelineOptions options, String output, Fault fault) {
    Pipeline pipeline = Pipeline.create(options);
    Accounts accounts = new Accounts();
    List<LedgerEntry> read = new ArrayList<>();
    List<TokenizedDocument> documents = documents();
    for (TokenizedDocument document : documents) {
      int tokens = document.tokens().length();
      read.add(new LedgerEntry(document.source(), "read", Ledger.READ, 1, document.bytes(), 0));
      read.add(
          new LedgerEntry(
              document.source(), "tokenize", Ledger.TOKENIZED, 1, document.bytes(), tokens));
    }
    var packed =
        pipeline
            .apply("Documents", Create.of(documents))
            .apply("ShuffleDocuments", Shuffle.<TokenizedDocument>globally())
            .apply("Pack", PackSequences.toLength(FaultySink.LENGTH).withBuckets(4))
            .into(accounts);
    var entries =
        PCollectionList.of(pipeline.apply("Read", Create.of(read)))
            .and(accounts.entries(pipeline))
            .apply("AllEntries", Flatten.pCollections());
    packed
        .apply("ShuffleSequences", Shuffle.<PackedSequence>globally())
        .apply(
            "Write",
            ShardIO.<PackedSequence>write()
                .to(output)
                .withNumShards(3)
                .withHeader(
                    new ManifestHeader(
                        "{}", "00", new ManifestHeader.Tokenizer("t", "00", FaultySink.VOCABULARY)))
                .withLedger(entries.apply("Ledger", Ledger.sum().asSingletonView()))
                .via("npy", NpyIO.sequences(FaultySink.LENGTH, FaultySink.VOCABULARY))
                .via("faulty", new FaultySink(fault)));
    pipeline.run().waitUntilFinish();
  }

  private static List<TokenizedDocument> documents() {
    SplittableRandom random = new SplittableRandom(17);
    List<TokenizedDocument> documents = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int[] ids = random.ints(1 + random.nextInt(100), 0, FaultySink.VOCABULARY).toArray();
      documents.add(
          new TokenizedDocument(
              new OrderKey(0, i), "made:" + i, "s" + i % 3, ids.length, TokenIds.of(ids)));
    }
    return documents;
  }

  /** Runs the job on the Direct runner until it blocks. */
  public static void main(String[] arguments) {
    FaultySink.LEFT.set(1);
    run(
        PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create(),
        arguments[0],
        Fault.BLOCK);
  }
}
