package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.millrace.io.document.DocumentFields;
import org.millrace.io.document.DocumentFormat;
import org.millrace.io.document.DocumentIO;
import org.millrace.io.document.InputFiles;
import org.millrace.io.document.InputNames;
import org.millrace.io.document.InvalidText;
import org.millrace.io.failure.FailureIO;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardSink;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.PlannedInput;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.dedup.Dedup;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.pack.PackSequences;
import org.millrace.transforms.sample.SampleDocuments;
import org.millrace.transforms.shuffle.Shuffle;
import org.millrace.transforms.tokenize.Tokenize;
import org.millrace.transforms.tokenize.TokenizerSpec;

/** The graph of {@link Pretrain}. */
record PretrainPlan(
    Recipe<PretrainRecipe> recipe,
    Job job,
    TokenizerSpec tokenizer,
    int vocabularySize,
    OptionalInt bos,
    OptionalInt eos,
    OptionalInt pad,
    Optional<InputNames> shardPerInput)
    implements DatasetPlan {

  @Override
  public int numShards() {
    return shardPerInput
        .map(names -> names.paths().size())
        .orElseGet(() -> recipe.settings().output().numShards().number());
  }

  @Override
  public ManifestHeader header() {
    return new ManifestHeader(
        recipe.canonicalJson(),
        recipe.sha256(),
        new ManifestHeader.Tokenizer(
            tokenizer.name(),
            tokenizer.sha256(),
            vocabularySize,
            tokenizer.engine().name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public PlannedInput input() throws IOException {
    return PlannedInput.of(InputFiles.match(job.input(), inputFormat(recipe.settings())));
  }

  static DocumentFormat inputFormat(PretrainRecipe settings) {
    return switch (settings.read().format()) {
      case AUTO -> DocumentFormat.AUTO;
      case JSONL -> DocumentFormat.JSONL;
      case PARQUET -> DocumentFormat.PARQUET;
      case TEXT -> DocumentFormat.TEXT;
    };
  }

  @Override
  public void addTo(Pipeline pipeline) {
    PretrainRecipe settings = recipe.settings();
    PretrainSinks sinks = new PretrainSinks(settings, vocabularySize);
    Accounts accounts = new Accounts();

    DocumentIO.ReadOutput read = pipeline.apply("Read", read(settings, job));
    PCollection<Document> documents = read.step().into(accounts);
    if (settings.sample().isPresent()) {
      double rate = settings.sample().get().rate();
      documents =
          documents
              .apply("Sample", SampleDocuments.atRate(rate).withSeed(settings.seed()))
              .into(accounts);
    }
    if (settings.dedup().isPresent()) {
      documents = documents.apply("Dedup", Dedup.exact()).into(accounts);
    }
    PCollection<KV<OrderKey, TokenizedDocument>> tokenized =
        ordered(
            "ShuffleDocuments",
            documents.apply("Tokenize", tokenize()).into(accounts),
            settings.shuffle().isPresent() && settings.shuffle().get().documents());
    if (settings.pack().isEmpty()) {
      write(tokenized, sinks::documents, read, accounts);
      return;
    }
    PCollection<KV<OrderKey, PackedSequence>> packed =
        ordered(
            "ShuffleSequences",
            tokenized.apply("Pack", pack(settings.pack().get())).into(accounts),
            settings.shuffle().isPresent() && settings.shuffle().get().sequences());
    write(packed, sinks::sequences, read, accounts);
  }

  /** What reads the input. */
  static DocumentIO.Read read(PretrainRecipe settings, Job job) {
    PretrainRecipe.Read read = settings.read();
    DocumentFields fields = DocumentFields.defaults().withText(read.textFields());
    fields = read.idField().map(fields::withId).orElse(fields);
    fields = read.metaFields().map(fields::withMeta).orElse(fields);
    DocumentIO.Read documents =
        DocumentIO.read()
            .from(job.input())
            .withFields(fields)
            .withFormat(inputFormat(settings))
            .withMaxDocumentBytes(read.maxDocumentBytes())
            .withInvalidText(
                switch (read.invalidText()) {
                  case REJECT -> InvalidText.REJECT;
                  case REPLACE -> InvalidText.REPLACE;
                });
    return read.source().map(documents::withSource).orElse(documents);
  }

  private Tokenize tokenize() {
    Tokenize tokenize = Tokenize.using(tokenizer);
    tokenize = bos.isPresent() ? tokenize.withBos(bos.getAsInt()) : tokenize;
    return eos.isPresent() ? tokenize.withEos(eos.getAsInt()) : tokenize;
  }

  private PackSequences pack(PretrainRecipe.Pack pack) {
    PackSequences sequences =
        PackSequences.toLength(pack.sequenceLength()).withBuckets(pack.buckets());
    return pad.isPresent() ? sequences.withPadding(pad.getAsInt()) : sequences;
  }

  private <T extends Traceable> PCollection<KV<OrderKey, T>> ordered(
      String name, PCollection<T> elements, boolean shuffled) {
    return shuffled
        ? elements.apply(name, Shuffle.<T>globally().withSeed(recipe.settings().seed()))
        : elements.apply("KeepOrder" + name.substring("Shuffle".length()), Shuffle.none());
  }

  private interface Sinks<T> {
    ShardSink<T> sink(OutputSettings.OutputFormat format);
  }

  private <T extends Traceable> void write(
      PCollection<KV<OrderKey, T>> samples,
      Sinks<T> sinks,
      DocumentIO.ReadOutput read,
      Accounts accounts) {
    Pipeline pipeline = samples.getPipeline();
    PretrainRecipe settings = recipe.settings();
    ShardIO.Write<T> write =
        ShardIO.<T>write()
            .to(job.output())
            .withNumShards(numShards())
            .withHeader(header())
            .withInputs(read.inputs().apply("Inputs", View.asIterable()))
            .withLedger(accounts.entries(pipeline).apply("Ledger", Ledger.sum().asSingletonView()))
            .withBadRecords(
                accounts
                    .badRecords(pipeline)
                    .apply("WriteFailures", FailureIO.write().to(job.output()))
                    .apply("BadRecordCount", View.asSingleton()))
            .withMaxBadFraction(settings.maxBadFraction());
    for (OutputSettings.OutputFormat format : settings.output().formats()) {
      write = write.via(PretrainSinks.name(format), sinks.sink(format));
    }
    samples.apply("Write", shardPerInput.map(write::withShardPerInput).orElse(write));
  }
}
