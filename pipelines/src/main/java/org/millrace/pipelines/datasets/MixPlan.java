package org.millrace.pipelines.datasets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputFiles;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Row;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardPart;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.PlannedInput;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.mix.MixSources;
import org.millrace.transforms.mix.Mixture;

/**
 * The graph of {@link Mix}.
 *
 * @param others the paths of files that belong to no source
 */
record MixPlan(
    Recipe<MixRecipe> recipe,
    InputFiles files,
    List<String> others,
    RowGraph graph,
    Mixture mixture)
    implements DatasetPlan {

  private static final int OTHERS_SHOWN = 3;

  @Override
  public ManifestHeader header() {
    return RowGraph.header(recipe);
  }

  @Override
  public PlannedInput input() {
    return PlannedInput.of(files);
  }

  @Override
  public int numShards() {
    return recipe.settings().materialize()
        ? graph.output().numShards()
        : parts().stream().mapToInt(ShardPart::shards).sum();
  }

  private List<ShardPart> parts() {
    return mixture.parts().stream()
        .filter(part -> part.samples() > 0)
        .map(part -> new ShardPart(part.source().name(), graph.output().numShards()))
        .toList();
  }

  @Override
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    lines.add(graph.described());
    if (!others.isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "in no source's folder, and passed over: %,d of %,d files: %s%s",
              others.size(),
              files.files().size(),
              String.join(", ", others.subList(0, Math.min(OTHERS_SHOWN, others.size()))),
              others.size() > OTHERS_SHOWN ? ", ..." : ""));
    }
    lines.add("");
    lines.addAll(MixtureText.lines(mixture));
    return lines;
  }

  @Override
  public void addTo(Pipeline pipeline) {
    Accounts accounts = new Accounts();
    Hdf5IO.ReadOutput read = graph.read(pipeline);
    PCollection<KV<OrderKey, Hdf5Row>> mixed =
        read.step()
            .into(accounts)
            .apply("Mix", MixSources.<Hdf5Row>by(mixture).withSeed(recipe.settings().seed()))
            .into(accounts);
    PCollectionView<Ledger> ledger =
        accounts.entries(pipeline).apply("Ledger", Ledger.sum().asSingletonView());
    ShardIO.Write<Hdf5Row> write =
        graph
            .write(pipeline, recipe, read, accounts, ledger)
            .withReport("mixture", MixtureReport.of(pipeline, mixture, ledger));
    mixed.apply(
        "Write",
        recipe.settings().materialize() ? write : write.withParts(parts(), Hdf5Row::source));
  }
}
