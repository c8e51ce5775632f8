package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.millrace.io.column.DType;
import org.millrace.io.document.InputCount;
import org.millrace.io.file.FileListing;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.retrieval.RetrievalIO;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardPart;
import org.millrace.io.shard.ShardSink;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.PlannedInput;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenWindow;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

/** The graph of {@link CepeSampleAb} and {@link CepeSampleConcat}. */
record CepeSamplePlan(
    Recipe<?> recipe,
    Job job,
    WindowVocabulary vocabulary,
    WindowPlan plan,
    String report,
    WindowOutput output)
    implements DatasetPlan {

  private static final int SPREAD_BUCKETS = 128;

  /**
   * What the two pipelines have in common.
   *
   * @param tasks what is wanted of each split
   */
  record Settings(
      long seed,
      boolean allowShort,
      List<String> domains,
      List<WindowTask> tasks,
      Optional<Integer> vocabularySize,
      WindowOutput output) {}

  /** Decides which windows are taken. */
  static CepeSamplePlan of(Recipe<?> recipe, Job job, Settings settings) throws IOException {
    NpyCorpus corpus = NpyCorpus.open(job.input());
    WindowVocabulary vocabulary =
        WindowVocabulary.of(corpus, job.tokenizer(), settings.vocabularySize());
    mds(settings.output(), vocabulary.size());
    if (settings.tasks().stream().allMatch(task -> task.target() == 0)) {
      throw new IllegalArgumentException(
          "samples.test and samples.train are both 0, and nothing else is wanted; raise one");
    }
    boolean passages = settings.tasks().stream().anyMatch(task -> task.parts() > 0);
    if (passages && vocabulary.spec().isEmpty()) {
      throw new IllegalArgumentException(
          "retrieval needs --tokenizer=PATH, to write passages as text; give it, or set retrieval to"
              + " null");
    }
    WindowPlan plan =
        WindowPlan.of(
            corpus,
            DomainShare.parse(settings.domains()),
            settings.tasks(),
            settings.seed(),
            settings.allowShort());
    return new CepeSamplePlan(
        recipe, job, vocabulary, plan, SplitReport.of(corpus, plan), settings.output());
  }

  private static ShardSink<TokenWindow> mds(WindowOutput output, int vocabularySize) {
    Optional<DType> dtype =
        switch (output.ids()) {
          case AUTO ->
              Optional.of(
                  DType.UINT16.holds(vocabularySize - 1) ? DType.UINT16 : DType.UINT32);
          case UINT16 -> Optional.of(DType.UINT16);
          case UINT32 -> Optional.of(DType.UINT32);
          case PKL -> Optional.empty();
        };
    if (dtype.isPresent() && !dtype.get().holds(vocabularySize - 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "output.ids is %s, which does not hold all ids of a vocabulary of %d; set it to auto",
              dtype.get().label(),
              vocabularySize));
    }
    MdsSettings settings =
        new MdsSettings(
            output.compression(), output.hashes(), output.sizeLimit().orElse(0L), 0);
    return MdsIO.windows(vocabularySize, dtype, output.index(), settings);
  }

  @Override
  public ManifestHeader header() {
    return new ManifestHeader(recipe.canonicalJson(), recipe.sha256(), vocabulary.tokenizer());
  }

  @Override
  public PlannedInput input() throws IOException {
    return PlannedInput.of(FileListing.below(List.of(job.input())));
  }

  @Override
  public int numShards() {
    return parts().stream().mapToInt(ShardPart::shards).sum();
  }

  private List<ShardPart> parts() {
    return plan.parts(output.numShards());
  }

  @Override
  public void addTo(Pipeline pipeline) {
    PCollection<KV<OrderKey, TokenWindow>> windows =
        pipeline
            .apply(
                "NameParts",
                Create.of(plan.draws()).withCoder(SerializableCoder.of(WindowDraw.class)))
            .apply(
                "SpreadParts",
                Reshuffle.<WindowDraw>viaRandomKey().withNumBuckets(SPREAD_BUCKETS))
            .apply("ReadWindows", ParDo.of(new DrawWindowsFn()))
            .setCoder(
                KvCoder.of(OrderKey.OrderKeyCoder.of(), TokenWindow.TokenWindowCoder.of()));
    List<ShardPart> parts = parts();
    Set<String> formats = new HashSet<>();
    parts.forEach(part -> formats.addAll(part.formats()));
    ShardIO.Write<TokenWindow> write =
        ShardIO.<TokenWindow>write()
            .to(job.output())
            .withParts(parts, TokenWindow::part)
            .withHeader(header())
            .withInputs(
                pipeline
                    .apply(
                        "Inputs",
                        Create.of(plan.inputs()).withCoder(InputCount.InputCountCoder.of()))
                    .apply("InputCounts", View.asIterable()))
            .withLedger(
                pipeline
                    .apply(
                        "Windows",
                        Create.of(plan.ledger()).withCoder(LedgerEntry.LedgerEntryCoder.of()))
                    .apply("Ledger", Ledger.sum().asSingletonView()))
            .withReport(
                SplitReport.NAME,
                pipeline
                    .apply("Splits", Create.of(report).withCoder(StringUtf8Coder.of()))
                    .apply("SplitReport", View.asSingleton()));
    if (formats.contains(MdsIO.FORMAT)) {
      write = write.via(MdsIO.FORMAT, mds(output, vocabulary.size()));
    }
    if (formats.contains(RetrievalIO.FORMAT)) {
      List<String> names =
          plan.domains().stream().map(domain -> domain.domain().name()).toList();
      write =
          write.via(
              RetrievalIO.FORMAT,
              RetrievalIO.sink(vocabulary.spec().orElseThrow(), vocabulary.frame(), names));
    }
    windows.apply("Write", write);
  }
}
