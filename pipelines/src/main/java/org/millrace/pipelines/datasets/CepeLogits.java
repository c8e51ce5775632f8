package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.verify.StoredDataset;
import org.millrace.pipelines.DatasetPipeline;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.Place;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * Annotates the windows of MDS datasets with the logits of a teacher, as CEPED is distilled from.
 *
 * <ol>
 *   <li>Read a range of windows: the last tokens before, or passages; and the first of its own.
 *   <li>Ask the teacher about them.
 *   <li>Write the most probable tokens with their probabilities, under the window's key.
 * </ol>
 *
 * <p>A shard is made of one range, without any shuffle, so that an interrupted run goes on with the
 * shards that are missing.
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/calculate_logits.py</a>
 */
public final class CepeLogits implements DatasetPipeline<CepeLogitsRecipe> {

  @Override
  public String name() {
    return "cepe-logits";
  }

  @Override
  public Class<CepeLogitsRecipe> settings() {
    return CepeLogitsRecipe.class;
  }

  @Override
  public Set<Place> needs() {
    return Set.of(Place.INPUT, Place.MODEL);
  }

  @Override
  public Set<Place> takes() {
    return Set.of(Place.TOKENIZER);
  }

  @Override
  public DatasetPlan plan(Recipe<CepeLogitsRecipe> recipe, Job job) throws IOException {
    CepeLogitsRecipe settings = recipe.settings();
    checkColumns(settings.output());
    List<String> locations = List.of(job.input().split(",", -1));
    List<WindowSource.Part> parts = parts(locations, settings.logits());
    ManifestHeader.Tokenizer tokenizer = tokenizer(locations, job.tokenizer());
    FirstWindows first = FirstWindows.of(parts, WindowSettings.of(settings));
    TeacherSettings.Checked teacher =
        settings
            .teacher()
            .check(
                job.model(),
                first.longest(),
                tokenizer.isKnown()
                    ? OptionalInt.of(tokenizer.vocabularySize())
                    : OptionalInt.empty(),
                settings.logits().topk());
    if (first.largestId() >= teacher.vocabularySize()) {
      throw new IllegalArgumentException(
          "--model=%s: the teacher knows %d tokens, but the samples have a token %d; take the teacher"
                  .formatted(job.model(), teacher.vocabularySize(), first.largestId())
              + " of the tokenizer that made them");
    }
    CepeLogitsPlan plan = new CepeLogitsPlan(recipe, job, locations, parts, tokenizer, teacher);
    plan.sink();
    return plan;
  }

  private static void checkColumns(CepeLogitsRecipe.Output output) {
    if (output.columns().contains(CepeLogitsRecipe.TokenColumn.PREV_TOKEN_IDS)
        && !output.columns().contains(CepeLogitsRecipe.TokenColumn.TOKEN_IDS)) {
      throw new IllegalArgumentException(
          "output.columns has prev_token_ids without token_ids; take both, token_ids alone, or none");
    }
  }

  private static List<WindowSource.Part> parts(
      List<String> locations, CepeLogitsRecipe.Logits settings) throws IOException {
    List<StoredWindows> windows = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String location : locations) {
      for (StoredWindows found : StoredWindows.at(location)) {
        found.tokenColumn();
        if (!names.add(found.name())) {
          throw new IllegalArgumentException(
              "two folders of the input are named %s; annotate them in two runs"
                  .formatted(found.name()));
        }
        windows.add(found);
      }
    }
    List<StoredWindows> retrieved =
        settings.retrievalInput().isPresent()
            ? StoredWindows.at(settings.retrievalInput().get())
            : List.of();
    List<WindowSource.Part> parts = new ArrayList<>();
    for (StoredWindows each : windows) {
      parts.add(
          new WindowSource.Part(
              each,
              settings.retrievalInput().isPresent()
                  ? List.of(passages(each, retrieved, windows.size()))
                  : List.of()));
    }
    return parts;
  }

  private static StoredWindows passages(
      StoredWindows windows, List<StoredWindows> retrieved, int parts) {
    StoredWindows found =
        retrieved.stream()
            .filter(each -> each.name().equals(windows.name()))
            .findFirst()
            .or(
                () ->
                    parts == 1 && retrieved.size() == 1
                        ? Optional.of(retrieved.get(0))
                        : Optional.empty())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "logits.retrieval_input has no folder %s, but %s"
                            .formatted(
                                windows.name(),
                                retrieved.stream().map(StoredWindows::name).toList())));
    if (found.column(WindowReader.PASSAGES).isEmpty()) {
      throw new IllegalArgumentException(
          "logits.retrieval_input: %s: expected a column %s, got the columns %s"
              .formatted(found.name(), WindowReader.PASSAGES, found.columns()));
    }
    long expected = windows.shards().samples();
    if (found.shards().samples() != expected) {
      throw new IllegalArgumentException(
          "logits.retrieval_input: %s: expected passages for %d samples, got %d"
              .formatted(found.name(), expected, found.shards().samples()));
    }
    return found;
  }

  /** What the first windows are like: those of one folder are of a kind, as a rule. */
  private record FirstWindows(int longest, int largestId) {

    static FirstWindows of(List<WindowSource.Part> parts, WindowSettings settings)
        throws IOException {
      int longest = 1;
      int largest = -1;
      for (WindowSource.Part part : parts) {
        try (WindowReader reader = new WindowReader(part, settings, 0)) {
          Optional<WindowReader.Window> first = reader.next();
          if (first.isPresent()) {
            WindowReader.Window window = first.get();
            longest = Math.max(longest, window.previous().length() + window.tokens().length());
            largest = Math.max(largest, Math.max(window.previous().max(), window.tokens().max()));
          }
        }
      }
      return new FirstWindows(longest, largest);
    }
  }

  /** Who made the ids: as the dataset's own manifest says, or as the job does. */
  private static ManifestHeader.Tokenizer tokenizer(List<String> locations, String given)
      throws IOException {
    if (!given.isEmpty()) {
      TokenizerSpec spec = TokenizerSpec.of(given, false);
      try (Tokenizer tokenizer = spec.open()) {
        return new ManifestHeader.Tokenizer(spec.name(), spec.sha256(), tokenizer.vocabularySize());
      }
    }
    Set<ManifestHeader.Tokenizer> said = new HashSet<>();
    for (String location : locations) {
      said.add(
          StoredDataset.in(StoredFolder.list(location))
              .map(dataset -> dataset.manifest().header().tokenizer())
              .orElse(ManifestHeader.Tokenizer.UNKNOWN));
    }
    return said.size() == 1 ? said.iterator().next() : ManifestHeader.Tokenizer.UNKNOWN;
  }
}
