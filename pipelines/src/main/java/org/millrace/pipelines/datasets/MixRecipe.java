package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.List;
import java.util.Optional;
import org.millrace.io.hdf5.RowSelection;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code mix} pipeline. */
public record MixRecipe(
    @Setting(doc = "Seed of the order, and of the choice where a source is cut.", defaultsTo = "0")
        long seed,
    @Setting(doc = "What is mixed.") List<Source> sources,
    @Setting(
            doc = "How many samples there are to be in all; null leaves it to the sources.",
            min = 1)
        Optional<Long> totalSamples,
    @Setting(
            doc =
                "How many tokens there are to be in all, in place of total_samples; rounded down.",
            min = 1)
        Optional<Long> totalTokens,
    @Setting(
            doc =
                "Without a total, the source that lasts longest at its weight is used up once, and"
                    + " decides the total; weights up to this one, of a sum of 1, do not.",
            defaultsTo = "0.05",
            min = 0,
            max = 1)
        double decisiveWeight,
    @Setting(
            doc =
                "Whether one order of all samples is written; else each source gets a folder of its"
                    + " own, and the reports in the manifest have the weights.",
            defaultsTo = "true")
        boolean materialize,
    @Setting(doc = "How rows are read.") RowSettings.Read read,
    @Setting(doc = "What is written.") RowSettings.Output output) {

  public MixRecipe {
    checkArgument(
        totalSamples.isEmpty() || totalTokens.isEmpty(),
        "total_samples and total_tokens are both given; set one of them to null");
    checkArgument(
        sources.stream().map(Source::name).distinct().count() == sources.size(),
        "sources: two have one name: %s",
        sources.stream().map(Source::name).toList());
  }

  /** Something that is mixed. */
  public record Source(
      @Setting(doc = "What it is called.") String name,
      @Setting(
              doc =
                  "The folder of its files, anywhere in the input; may be a pattern with * ? {a,b}."
                      + " Case does not count; null is the name.")
          Optional<String> folder,
      @Setting(doc = "Its share of what all weights have together.", min = 0)
          Optional<Double> weight,
      @Setting(doc = "How many times its rows are taken, in place of a weight.", min = 0)
          Optional<Double> epochs,
      @Setting(doc = "Takes only files whose number has a remainder.")
          Optional<RowSettings.Select> select,
      @Setting(
              doc = "The part of its rows that is there to be taken, as 0.0-0.1.",
              defaultsTo = "0-1")
          String subset) {

    public Source {
      checkArgument(
          weight.isPresent() != epochs.isPresent(),
          "%s must have either weight or epochs, has %s",
          name,
          weight.isPresent() ? "both" : "neither");
      RowSettings.selection(select, subset);
    }

    RowSelection selection() {
      return RowSettings.selection(select, subset);
    }

    String pattern() {
      return folder.orElse(name);
    }
  }
}
