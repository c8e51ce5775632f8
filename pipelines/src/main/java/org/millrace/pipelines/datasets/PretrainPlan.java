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
import org.millrace.io.document.InputCount;
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
import org.millrace.transforms.ledger.StepOutput;
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
    if (settings.sample().isEmpty() && settings.dedup().isEmpty() && settings.pack().isPresent()) {
      StepOutput<PackedSequence> packed = packInOneGo(pipeline, settings);
      PCollection<InputCount> inputs = packed.facts().apply("InputCounts", DocumentIO.inputs());
      write(shuffled(packed.into(accounts)), sinks::sequences, inputs, accounts);
      return;
    }
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
            shufflesDocuments());
    if (settings.pack().isEmpty()) {
      write(tokenized, sinks::documents, read.inputs(), accounts);
      return;
    }
    PCollection<PackedSequence> packed =
        tokenized.apply("Pack", pack(settings.pack().get())).into(accounts);
    write(shuffled(packed), sinks::sequences, read.inputs(), accounts);
  }

  /** Where nothing stands between reading and packing, documents are never written in between. */
  private StepOutput<PackedSequence> packInOneGo(Pipeline pipeline, PretrainRecipe settings) {
    return ordered(
            "ShuffleDocuments",
            pipeline
                .apply("Read", read(settings, job).carrying())
                .apply("Tokenize", tokenize().carrying()),
            shufflesDocuments())
        .apply("Pack", pack(settings.pack().orElseThrow()).carrying());
  }

  private boolean shufflesDocuments() {
    return recipe.settings().shuffle().isPresent() && recipe.settings().shuffle().get().documents();
  }

  private PCollection<KV<OrderKey, PackedSequence>> shuffled(PCollection<PackedSequence> packed) {
    Optional<PretrainRecipe.Shuffle> shuffle = recipe.settings().shuffle();
    return ordered("ShuffleSequences", packed, shuffle.isPresent() && shuffle.get().sequences());
  }

  /** What reads the input. */
  static DocumentIO.Read read(PretrainRecipe settings, Job job) {
    PretrainRecipe.Read read = settings.read();
    DocumentFields fields = DocumentFields.defaults().withText(read.textFields());
    fields = read.idField().map(fields::withId).orElse(fields);
    // Meta decides whether a record is good, but no step or format here takes it.
    fields = read.metaFields().map(fields::withMeta).orElse(fields).withMetaUnused();
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
      PCollection<InputCount> inputs,
      Accounts accounts) {
    Pipeline pipeline = samples.getPipeline();
    PretrainRecipe settings = recipe.settings();
    ShardIO.Write<T> write =
        ShardIO.<T>write()
            .to(job.output())
            .withNumShards(numShards())
            .withHeader(header())
            .withInputs(inputs.apply("Inputs", View.asIterable()))
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
