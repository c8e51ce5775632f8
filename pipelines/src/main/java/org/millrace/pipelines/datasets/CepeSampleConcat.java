package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.millrace.pipelines.DatasetPipeline;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.Place;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.window.Split;
import org.millrace.transforms.window.Windows;

/**
 * Makes CEPE's samples of all domains ("RP concatenate"): windows of files, whose documents are
 * taken as one stream; and a corpus to look passages up in.
 *
 * <ol>
 *   <li>Split the files of each domain.
 *   <li>Count the windows of every file, and the passages of every document.
 *   <li>Take of each file as many as it must give.
 *   <li>Write test and training samples, passages (optional), and the manifest.
 * </ol>
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/sample_mds_concat.py</a>
 */
public final class CepeSampleConcat implements DatasetPipeline<CepeSampleConcatRecipe> {

  @Override
  public String name() {
    return "cepe-sample-concat";
  }

  @Override
  public Class<CepeSampleConcatRecipe> settings() {
    return CepeSampleConcatRecipe.class;
  }

  @Override
  public Set<Place> needs() {
    return Set.of(Place.INPUT);
  }

  @Override
  public Set<Place> takes() {
    return Set.of(Place.TOKENIZER);
  }

  @Override
  public DatasetPlan plan(Recipe<CepeSampleConcatRecipe> recipe, Job job) throws IOException {
    CepeSampleConcatRecipe asked = recipe.settings();
    WindowCut cut =
        new WindowCut(Windows.of(asked.encoderTokens(), asked.decoderTokens()), true);
    List<WindowTask> tasks = new ArrayList<>();
    tasks.add(new WindowTask(Split.TEST, cut, asked.samples().test(), 0));
    tasks.add(new WindowTask(Split.TRAIN, cut, asked.samples().train(), 0));
    asked
        .retrieval()
        .ifPresent(
            passages ->
                tasks.add(
                    new WindowTask(
                        Split.RETRIEVAL,
                        new WindowCut(
                            new Windows(0, passages.chunkTokens(), passages.chunkTokens()),
                            false),
                        passages.passagesPerShard(),
                        passages.shards())));
    return CepeSamplePlan.of(
        recipe,
        job,
        new CepeSamplePlan.Settings(
            asked.seed(),
            asked.allowShort(),
            asked.domains(),
            tasks,
            asked.vocabularySize(),
            asked.output()));
  }
}
