package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.millrace.io.file.FileListing;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardPart;
import org.millrace.io.shard.ShardSink;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.PlannedInput;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.data.AnnotatedWindow;

/**
 * The graph of {@link CepeLogits}.
 *
 * @param locations the datasets to annotate
 * @param parts their folders of shards
 * @param tokenizer that made their ids
 */
record CepeLogitsPlan(
    Recipe<CepeLogitsRecipe> recipe,
    Job job,
    List<String> locations,
    List<WindowSource.Part> parts,
    ManifestHeader.Tokenizer tokenizer,
    TeacherSettings.Checked teacher)
    implements DatasetPlan {

  @Override
  public int numShards() {
    return parts.size() * recipe.settings().output().numShards();
  }

  @Override
  public ManifestHeader header() {
    return new ManifestHeader(recipe.canonicalJson(), recipe.sha256(), tokenizer);
  }

  @Override
  public PlannedInput input() throws IOException {
    List<String> all = new ArrayList<>(locations);
    recipe.settings().logits().retrievalInput().ifPresent(all::add);
    return PlannedInput.of(FileListing.below(all));
  }

  /** What writes the targets. */
  ShardSink<AnnotatedWindow> sink() {
    CepeLogitsRecipe.Output output = recipe.settings().output();
    Set<String> columns = new LinkedHashSet<>();
    output.columns().forEach(column -> columns.add(column.name().toLowerCase(Locale.ROOT)));
    MdsSettings settings =
        new MdsSettings(output.compression(), output.hashes(), output.sizeLimit().orElse(0L), 0);
    boolean pickled = output.arrays() == CepeLogitsRecipe.ArrayForm.PKL;
    return MdsIO.targets(
        output.indexDtype().dtype(teacher.vocabularySize()), pickled, columns, settings);
  }

  @Override
  public void addTo(Pipeline pipeline) {
    int shards = recipe.settings().output().numShards();
    List<ShardPart> folders =
        parts.stream().map(part -> new ShardPart(part.windows().name(), shards)).toList();
    pipeline.apply(
        "Write",
        ShardIO.<AnnotatedWindow>write()
            .to(job.output())
            .withParts(folders, AnnotatedWindow::domain)
            .withHeader(header())
            .withReport(
                "teacher",
                pipeline
                    .apply("Teacher", Create.of(teacher.report()).withCoder(StringUtf8Coder.of()))
                    .apply("TeacherReport", View.asSingleton()))
            .via(MdsIO.FORMAT, sink())
            .units(
                new WindowSource(parts, WindowSettings.of(recipe.settings()), teacher.model()),
                AnnotatedWindow.AnnotatedWindowCoder.of()));
  }
}
