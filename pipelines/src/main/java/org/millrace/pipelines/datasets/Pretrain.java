package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.io.document.InputNames;
import org.millrace.pipelines.DatasetPipeline;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.Place;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * Makes a pre-training dataset of any corpus.
 *
 * <ol>
 *   <li>Read documents.
 *   <li>Sample them (optional).
 *   <li>Bring texts into one form of Unicode (optional).
 *   <li>Drop exact duplicates (optional).
 *   <li>Tokenize.
 *   <li>Shuffle documents (optional).
 *   <li>Pack them to sequences of one length (optional).
 *   <li>Repeat them, or documents, for further epochs (optional).
 *   <li>Permute texts for fill-in-the-middle, in sequences, or in documents before these are
 *       shuffled (optional).
 *   <li>Shuffle sequences (optional).
 *   <li>Ask a teacher about them (optional).
 *   <li>Write shards in every format, of each source apart where that is asked for, and the
 *       manifest.
 * </ol>
 */
public final class Pretrain implements DatasetPipeline<PretrainRecipe> {

  private final EngineChoice engines;

  public Pretrain() {
    this(new EngineChoice());
  }

  Pretrain(EngineChoice engines) {
    this.engines = engines;
  }

  @Override
  public String name() {
    return "pretrain";
  }

  @Override
  public Class<PretrainRecipe> settings() {
    return PretrainRecipe.class;
  }

  @Override
  public Set<Place> takes() {
    return Set.of(Place.MODEL);
  }

  @Override
  public DatasetPlan plan(Recipe<PretrainRecipe> recipe, Job job) throws IOException {
    PretrainRecipe asked = recipe.settings();
    Optional<InputNames> shardPerInput = ShardPerInput.names(asked, job);
    TokenizerSpec spec =
        TokenizerSpec.of(job.tokenizer(), asked.tokenize().parseSpecialTokens())
            .withEngine(asked.tokenize().engine())
            .withSplitDigits(asked.tokenize().splitDigits());
    try (Tokenizer tokenizer = spec.open()) {
      PretrainTokens tokens = PretrainTokens.of(asked, spec, tokenizer);
      checkFim(asked, tokenizer);
      Recipe<PretrainRecipe> resolved =
          new Recipe<>(
              recipe.name(),
              recipe.pipeline(),
              recipe.description(),
              tokens.resolve(asked),
              recipe.defaults());
      Optional<TeacherSettings.Checked> teacher =
          teacher(asked, job.model(), tokens.vocabularySize());
      new PretrainSinks(asked, tokens.vocabularySize(), teacher).check();
      TokenizerSpec decided =
          engines.of(
              asked.tokenize().onMismatch(),
              spec.withEngine(tokenizer.engine()),
              Stages.read(asked.read(), job));
      Stages stages = new Stages(resolved.settings(), tokens, decided);
      return new PretrainPlan(
          resolved, job, stages, shardPerInput, SourceParts.names(asked, job), teacher);
    }
  }

  /** What can only be said once it is known how the tokenizer encodes. */
  private static void checkFim(PretrainRecipe asked, Tokenizer tokenizer) {
    if (asked.fim().isEmpty()) {
      return;
    }
    FimSection fim = asked.fim().get();
    if (fim.unit() == FimSection.Unit.SEGMENT && asked.pack().isEmpty()) {
      throw new IllegalArgumentException(
          "fim.unit is segment, a part of a packed sample, but pack is null; set fim.unit to"
              + " document, or turn pack on");
    }
    if (fim.span() == FimSection.Span.CHAR) {
      try {
        tokenizer.innerText();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("fim.span is char: " + e.getMessage(), e);
      }
    }
  }

  private static Optional<TeacherSettings.Checked> teacher(
      PretrainRecipe asked, String model, int vocabularySize) throws IOException {
    if (asked.logits().isEmpty()) {
      if (!model.isEmpty()) {
        throw new IllegalArgumentException(
            "--model="
                + model
                + " is given, but logits is off; turn it on, or leave the model out");
      }
      return Optional.empty();
    }
    if (asked.pack().isEmpty() || model.isEmpty()) {
      throw new IllegalArgumentException(
          asked.pack().isEmpty()
              ? "logits is on, but pack is off: a teacher is asked about samples of one length"
              : "logits is on, but there is no teacher; name its file with --model");
    }
    PretrainRecipe.Logits logits = asked.logits().get();
    int length = asked.pack().get().sequenceLength();
    return Optional.of(
        logits.teacher().check(model, length, OptionalInt.of(vocabularySize), logits.topk()));
  }
}
