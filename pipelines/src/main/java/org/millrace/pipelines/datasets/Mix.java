package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.millrace.io.document.InputFile;
import org.millrace.io.document.InputFiles;
import org.millrace.io.hdf5.Hdf5Rows;
import org.millrace.io.hdf5.RowSelection;
import org.millrace.pipelines.DatasetPipeline;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.Place;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.pipelines.recipe.ShortestDecimal;
import org.millrace.transforms.mix.Mixture;
import org.millrace.transforms.mix.MixtureSource;
import org.millrace.transforms.mix.MixtureSource.Measure;

/**
 * Mixes the rows of finished HDF5 folders by weights or epochs.
 *
 * <ol>
 *   <li>Count rows, and resolve weights to numbers, before anything is read.
 *   <li>Read rows, or find where they are.
 *   <li>Take of each source as many as the mixture says, and give each its place.
 *   <li>Write shards of all, or a folder of shards a source, and the manifest.
 * </ol>
 */
public final class Mix implements DatasetPipeline<MixRecipe> {

  @Override
  public String name() {
    return "mix";
  }

  @Override
  public Class<MixRecipe> settings() {
    return MixRecipe.class;
  }

  @Override
  public Set<Place> needs() {
    return Set.of(Place.INPUT);
  }

  @Override
  public DatasetPlan plan(Recipe<MixRecipe> recipe, Job job) throws IOException {
    MixRecipe settings = recipe.settings();
    InputFiles files = RowGraph.files(job);
    SourceFolders folders = new SourceFolders(settings.sources());
    folders.check(files.files().stream().map(InputFile::relativePath).toList());
    Map<String, RowSelection> selections =
        settings.sources().stream()
            .collect(Collectors.toMap(MixRecipe.Source::name, MixRecipe.Source::selection));
    Hdf5Rows rows =
        Hdf5Rows.open(files.files(), file -> folders.of(file.relativePath()), selections::get);
    Mixture mixture = mixture(settings, rows);
    List<String> others =
        files.files().stream()
            .map(InputFile::relativePath)
            .filter(path -> folders.of(path).isEmpty())
            .toList();
    RowGraph graph = new RowGraph(rows, job, settings.read(), settings.output());
    return new MixPlan(recipe, files, others, graph, mixture);
  }

  private static Mixture mixture(MixRecipe settings, Hdf5Rows rows) {
    Map<String, Long> available = rows.rowsBySource();
    List<MixtureSource> sources =
        settings.sources().stream()
            .map(source -> source(source, available.getOrDefault(source.name(), 0L)))
            .toList();
    return Mixture.of(
        sources, total(settings, rows.length()), ShortestDecimal.of(settings.decisiveWeight()));
  }

  private static MixtureSource source(MixRecipe.Source source, long available) {
    Measure measure = source.weight().isPresent() ? Measure.WEIGHT : Measure.EPOCHS;
    BigDecimal amount = ShortestDecimal.of(source.weight().or(source::epochs).orElseThrow());
    return new MixtureSource(source.name(), measure, amount, available);
  }

  private static OptionalLong total(MixRecipe settings, int length) {
    if (settings.totalSamples().isPresent()) {
      return OptionalLong.of(settings.totalSamples().get());
    }
    if (settings.totalTokens().isEmpty()) {
      return OptionalLong.empty();
    }
    long tokens = settings.totalTokens().get();
    checkArgument(
        tokens >= length, "total_tokens is %s, less than the %s of one row", tokens, length);
    return OptionalLong.of(tokens / length);
  }
}
