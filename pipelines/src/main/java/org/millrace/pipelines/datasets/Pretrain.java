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
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.tokenize.ControlToken;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * Makes a pre-training dataset of any corpus.
 *
 * <ol>
 *   <li>Read documents.
 *   <li>Sample them (optional).
 *   <li>Drop exact duplicates (optional).
 *   <li>Tokenize.
 *   <li>Shuffle documents (optional).
 *   <li>Pack them to sequences of one length (optional).
 *   <li>Shuffle sequences (optional).
 *   <li>Ask a teacher about them (optional).
 *   <li>Write shards in every format, and the manifest.
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
      Optional<ControlToken> bos =
          ControlToken.bos(asked.tokenize().addBos().toString(), spec, tokenizer);
      Optional<ControlToken> eos =
          ControlToken.eos(asked.tokenize().addEos().toString(), spec, tokenizer);
      Optional<ControlToken> pad =
          asked.pack().isPresent() && asked.pack().get().leftover() == PretrainRecipe.Leftover.PAD
              ? Optional.of(padding(asked.pack().get().padToken(), eos, spec, tokenizer))
              : Optional.empty();
      Recipe<PretrainRecipe> resolved =
          new Recipe<>(
              recipe.name(),
              recipe.pipeline(),
              recipe.description(),
              asked.withTokens(choice(bos), choice(eos), choice(pad)),
              recipe.defaults());
      Optional<TeacherSettings.Checked> teacher =
          teacher(asked, job.model(), tokenizer.vocabularySize());
      new PretrainSinks(asked, tokenizer.vocabularySize(), teacher).check();
      TokenizerSpec decided =
          engines.of(
              asked.tokenize().onMismatch(),
              spec.withEngine(tokenizer.engine()),
              PretrainPlan.read(asked, job));
      return new PretrainPlan(
          resolved,
          job,
          decided,
          tokenizer.vocabularySize(),
          id(bos),
          id(eos),
          id(pad),
          shardPerInput,
          teacher);
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

  private static ControlToken padding(
      TokenChoice asked, Optional<ControlToken> eos, TokenizerSpec spec, Tokenizer tokenizer)
      throws IOException {
    return switch (asked.kind()) {
      case NONE ->
          throw new IllegalArgumentException(
              "pack.leftover is pad, but pack.pad_token is none; set it to a token's text or id");
      case AUTO ->
          eos.orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "pack.pad_token is auto, the end-of-text, but tokenize.add_eos is none; set"
                          + " it to a token's text or id"));
      case TEXT, ID -> ControlToken.pad(asked.toString(), spec, tokenizer).orElseThrow();
    };
  }

  private static TokenChoice choice(Optional<ControlToken> token) {
    return token.map(t -> TokenChoice.ofText(t.text())).orElse(TokenChoice.NONE);
  }

  private static OptionalInt id(Optional<ControlToken> token) {
    return token.map(t -> OptionalInt.of(t.id())).orElse(OptionalInt.empty());
  }
}
