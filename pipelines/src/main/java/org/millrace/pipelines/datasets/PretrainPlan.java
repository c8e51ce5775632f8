package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.millrace.io.document.DocumentIO;
import org.millrace.io.document.InputCount;
import org.millrace.io.document.InputFiles;
import org.millrace.io.document.InputNames;
import org.millrace.io.shard.ManifestHeader;
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
import org.millrace.transforms.epoch.RepeatEpochs;
import org.millrace.transforms.fim.FillInMiddle;
import org.millrace.transforms.fim.FimCounts;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.StepOutput;
import org.millrace.transforms.logits.AnnotateLogits;
import org.millrace.transforms.shuffle.Shuffle;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * The graph of {@link Pretrain}.
 *
 * @param recipe with the tokens that the tokenizer has
 * @param shardPerInput where each input file makes a shard
 * @param parts their names; empty where the dataset is not parted
 * @param teacher that is asked about samples
 */
record PretrainPlan(
    Recipe<PretrainRecipe> recipe,
    Job job,
    Stages stages,
    Optional<InputNames> shardPerInput,
    List<String> parts,
    Optional<TeacherSettings.Checked> teacher)
    implements DatasetPlan {

  TokenizerSpec tokenizer() {
    return stages.tokenizer();
  }

  @Override
  public int numShards() {
    return shardPerInput
        .map(names -> names.paths().size())
        .orElseGet(
            () -> recipe.settings().output().numShards().number() * Math.max(1, parts.size()));
  }

  @Override
  public ManifestHeader header() {
    return new ManifestHeader(
        recipe.canonicalJson(),
        recipe.sha256(),
        new ManifestHeader.Tokenizer(
            tokenizer().name(),
            tokenizer().sha256(),
            stages.tokens().vocabularySize(),
            tokenizer().engine().name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public PlannedInput input() throws IOException {
    PretrainRecipe settings = recipe.settings();
    return PlannedInput.of(
        InputFiles.match(
            job.input(), Stages.format(settings.read()), Stages.selector(settings.read())));
  }

  @Override
  public void addTo(Pipeline pipeline) {
    PretrainRecipe settings = recipe.settings();
    Accounts accounts = new Accounts();
    if (isDirect()) {
      StepOutput<PackedSequence> packed = packInOneGo(pipeline);
      PCollection<InputCount> inputs = packed.facts().apply("InputCounts", DocumentIO.inputs());
      writeSequences(packed.into(accounts), inputs, accounts, Optional.empty());
      return;
    }
    DocumentIO.ReadOutput read = pipeline.apply("Read", read());
    PCollection<TokenizedDocument> tokenized =
        prepared(read.step().into(accounts), accounts)
            .apply("Tokenize", stages.tokenize())
            .into(accounts);
    Optional<PCollection<FimCounts>> counts = Optional.empty();
    if (settings.hasUnitsOfDocuments()) {
      tokenized = epochs(tokenized, RepeatEpochs.ofDocuments(settings.epochs()), accounts);
      Optional<FillInMiddle.Output<TokenizedDocument>> permuted =
          permuted(tokenized, stages.fim().map(FillInMiddle::inDocuments));
      tokenized = permuted.map(output -> output.step().into(accounts)).orElse(tokenized);
      counts = permuted.map(FillInMiddle.Output::counts);
    }
    PCollection<KV<OrderKey, TokenizedDocument>> documents =
        ordered(
            "ShuffleDocuments",
            tokenized,
            settings.shuffle().filter(s -> s.documents()).isPresent());
    if (settings.pack().isEmpty()) {
      PretrainSinks sinks = sinks();
      new PretrainDataset(this, accounts, read.inputs(), counts)
          .write(documents, sinks::documents, TokenizedDocument::source);
      return;
    }
    PCollection<PackedSequence> packed = documents.apply("Pack", stages.pack(parts)).into(accounts);
    if (counts.isPresent()) {
      counts = Optional.of(withSplit(counts.get(), packed));
    }
    writeSequences(packed, read.inputs(), accounts, counts);
  }

  /** Meta decides whether a record is good, but no step or format here takes it. */
  private DocumentIO.Read read() {
    return Stages.read(recipe.settings().read(), job).withMetaUnused();
  }

  /** Whether nothing stands between reading, tokenizing and packing. */
  private boolean isDirect() {
    PretrainRecipe settings = recipe.settings();
    return !settings.hasUnitsOfDocuments()
        && settings.dedup().isEmpty()
        && stages.sample().isEmpty()
        && stages.normalize().isEmpty();
  }

  /** As step by step, but that documents are never written in between. */
  private StepOutput<PackedSequence> packInOneGo(Pipeline pipeline) {
    PretrainRecipe settings = recipe.settings();
    return ordered(
            "ShuffleDocuments",
            pipeline
                .apply("Read", read().carrying())
                .apply("Tokenize", stages.tokenize().carrying()),
            settings.shuffle().filter(s -> s.documents()).isPresent())
        .apply("Pack", stages.pack(parts).carrying());
  }

  private void writeSequences(
      PCollection<PackedSequence> elements,
      PCollection<InputCount> inputs,
      Accounts accounts,
      Optional<PCollection<FimCounts>> countsBefore) {
    PretrainRecipe settings = recipe.settings();
    PCollection<PackedSequence> packed = elements;
    Optional<PCollection<FimCounts>> counts = countsBefore;
    if (!settings.hasUnitsOfDocuments()) {
      packed = epochs(packed, RepeatEpochs.ofSequences(settings.epochs()), accounts);
      Optional<FillInMiddle.Output<PackedSequence>> permuted =
          permuted(packed, stages.fim().map(FillInMiddle::inSequences));
      packed = permuted.map(output -> output.step().into(accounts)).orElse(packed);
      counts = permuted.map(FillInMiddle.Output::counts);
    }
    PCollection<KV<OrderKey, PackedSequence>> sequences =
        ordered(
            "ShuffleSequences", packed, settings.shuffle().filter(s -> s.sequences()).isPresent());
    PretrainSinks sinks = sinks();
    PretrainDataset dataset = new PretrainDataset(this, accounts, inputs, counts);
    if (teacher.isEmpty()) {
      dataset.write(sequences, sinks::sequences, PretrainPlan::sourceOf);
      return;
    }
    dataset.write(
        sequences.apply("Annotate", annotate()),
        sinks::annotated,
        annotated -> sourceOf(annotated.sequence()));
  }

  private PretrainSinks sinks() {
    return new PretrainSinks(recipe.settings(), stages.tokens().vocabularySize(), teacher);
  }

  private AnnotateLogits annotate() {
    PretrainRecipe.Logits logits = recipe.settings().logits().orElseThrow();
    AnnotateLogits annotate =
        AnnotateLogits.using(teacher.orElseThrow().model())
            .withTopK(logits.topk())
            .withBatchTokens(logits.teacher().batchTokens())
            .withBuckets(logits.buckets());
    return logits.logProbabilities() ? annotate.withLogProbabilities() : annotate;
  }

  /** Those documents that are tokenized, as their texts are. */
  private PCollection<Document> prepared(PCollection<Document> read, Accounts accounts) {
    PCollection<Document> documents = read;
    if (stages.sample().isPresent()) {
      documents = documents.apply("Sample", stages.sample().get()).into(accounts);
    }
    if (stages.normalize().isPresent()) {
      documents = documents.apply("Normalize", stages.normalize().get()).into(accounts);
    }
    return recipe.settings().dedup().isPresent()
        ? documents.apply("Dedup", Dedup.exact()).into(accounts)
        : documents;
  }

  private <T extends Traceable> PCollection<T> epochs(
      PCollection<T> elements, RepeatEpochs<T> repeat, Accounts accounts) {
    return recipe.settings().epochs() == 1
        ? elements
        : elements.apply("RepeatEpochs", repeat).into(accounts);
  }

  private static <T extends Traceable> Optional<FillInMiddle.Output<T>> permuted(
      PCollection<T> elements, Optional<FillInMiddle<T>> fim) {
    return fim.map(permute -> elements.apply("FillInMiddle", permute));
  }

  /** Counts as well the permuted documents that packing has split. */
  private PCollection<FimCounts> withSplit(
      PCollection<FimCounts> counts, PCollection<PackedSequence> packed) {
    return PCollectionList.of(counts)
        .and(
            packed.apply(
                "CountSplitTexts",
                FillInMiddle.countSplit(stages.tokens().sentinels().orElseThrow().tokens())))
        .apply("AllFimCounts", Flatten.pCollections());
  }

  /** A sample's source, where each is packed apart from the others. */
  private static String sourceOf(PackedSequence sequence) {
    return sequence.pieces().get(0).source();
  }

  private <T extends Traceable> PCollection<KV<OrderKey, T>> ordered(
      String name, PCollection<T> elements, boolean shuffled) {
    return shuffled
        ? elements.apply(name, Shuffle.<T>globally().withSeed(recipe.settings().seed()))
        : elements.apply("KeepOrder" + name.substring("Shuffle".length()), Shuffle.none());
  }
}
