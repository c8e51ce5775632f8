package org.millrace.pipelines.datasets;

import java.io.IOException;
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
 * Makes CEPE's samples of long documents ("RP filtered"): windows that lie within a document.
 *
 * <ol>
 *   <li>Split the files of each domain.
 *   <li>Count the windows of every document that is long enough.
 *   <li>Take of each file as many as it must give.
 *   <li>Write test and training samples, and the manifest.
 * </ol>
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/sample_mds_ab.py</a>
 */
public final class CepeSampleAb implements DatasetPipeline<CepeSampleAbRecipe> {

  @Override
  public String name() {
    return "cepe-sample-ab";
  }

  @Override
  public Class<CepeSampleAbRecipe> settings() {
    return CepeSampleAbRecipe.class;
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
  public DatasetPlan plan(Recipe<CepeSampleAbRecipe> recipe, Job job) throws IOException {
    CepeSampleAbRecipe asked = recipe.settings();
    WindowCut cut =
        new WindowCut(
            Windows.of(asked.totalTokens() - asked.decoderTokens(), asked.decoderTokens()), false);
    return CepeSamplePlan.of(
        recipe,
        job,
        new CepeSamplePlan.Settings(
            asked.seed(),
            asked.allowShort(),
            asked.domains(),
            List.of(
                new WindowTask(Split.TEST, cut, asked.samples().test(), 0),
                new WindowTask(Split.TRAIN, cut, asked.samples().train(), 0)),
            asked.vocabularySize(),
            asked.output()));
  }
}
