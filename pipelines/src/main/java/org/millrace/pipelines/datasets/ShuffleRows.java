package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputFiles;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Row;
import org.millrace.io.hdf5.Hdf5Rows;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.pipelines.DatasetPipeline;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.Place;
import org.millrace.pipelines.PlannedInput;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.shuffle.Shuffle;

/**
 * Brings the rows of finished HDF5 folders, as those of all epochs, into one order by chance.
 *
 * <ol>
 *   <li>Read rows, or find where they are.
 *   <li>Shuffle them.
 *   <li>Write shards, and the manifest.
 * </ol>
 *
 * A row's place is decided by the seed and its id, {@code relative/path:row}. What is stored of it
 * goes over as it is.
 */
public final class ShuffleRows implements DatasetPipeline<ShuffleRowsRecipe> {

  @Override
  public String name() {
    return "shuffle-rows";
  }

  @Override
  public Class<ShuffleRowsRecipe> settings() {
    return ShuffleRowsRecipe.class;
  }

  @Override
  public Set<Place> needs() {
    return Set.of(Place.INPUT);
  }

  @Override
  public DatasetPlan plan(Recipe<ShuffleRowsRecipe> recipe, Job job) throws IOException {
    ShuffleRowsRecipe settings = recipe.settings();
    InputFiles files = RowGraph.files(job);
    Hdf5Rows rows =
        Hdf5Rows.open(
            files.files(),
            file -> Optional.of(file.source()),
            source -> settings.read().selection());
    return new Plan(
        recipe,
        files,
        new RowGraph(
            rows,
            job,
            new RowSettings.Read(settings.read().check(), settings.read().moves()),
            settings.output()));
  }

  private record Plan(Recipe<ShuffleRowsRecipe> recipe, InputFiles files, RowGraph graph)
      implements DatasetPlan {

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
      return graph.output().numShards();
    }

    @Override
    public List<String> summary() {
      return List.of(graph.described());
    }

    @Override
    public void addTo(Pipeline pipeline) {
      Accounts accounts = new Accounts();
      Hdf5IO.ReadOutput read = graph.read(pipeline);
      PCollection<KV<OrderKey, Hdf5Row>> shuffled =
          read.step()
              .into(accounts)
              .apply("Shuffle", Shuffle.<Hdf5Row>globally().withSeed(recipe.settings().seed()));
      PCollectionView<Ledger> ledger =
          accounts.entries(pipeline).apply("Ledger", Ledger.sum().asSingletonView());
      shuffled.apply("Write", graph.write(pipeline, recipe, read, accounts, ledger));
    }
  }
}
