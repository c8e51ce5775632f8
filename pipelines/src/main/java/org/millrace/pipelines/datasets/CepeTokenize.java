package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.io.document.InputFiles;
import org.millrace.pipelines.DatasetPipeline;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.tokenize.ControlToken;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * Makes token ids of RedPajama, a file of each of its files, from which CEPE's samples are drawn.
 *
 * <ol>
 *   <li>Read the documents of a file.
 *   <li>Tokenize them, with a begin and an end token.
 *   <li>Write them as one npy file of the same name; and the manifest at the end.
 * </ol>
 *
 * <p>A run that was interrupted goes on with the files that are missing.
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/tokenize_files.py</a>
 */
public final class CepeTokenize implements DatasetPipeline<CepeTokenizeRecipe> {

  private final EngineChoice engines;

  public CepeTokenize() {
    this(new EngineChoice());
  }

  CepeTokenize(EngineChoice engines) {
    this.engines = engines;
  }

  @Override
  public String name() {
    return "cepe-tokenize";
  }

  @Override
  public Class<CepeTokenizeRecipe> settings() {
    return CepeTokenizeRecipe.class;
  }

  @Override
  public DatasetPlan plan(Recipe<CepeTokenizeRecipe> recipe, Job job) throws IOException {
    CepeTokenizeRecipe asked = recipe.settings();
    InputFiles files =
        InputFiles.match(job.input(), Stages.format(asked.read()), Stages.selector(asked.read()));
    TokenizerSpec spec =
        TokenizerSpec.of(job.tokenizer(), asked.tokenize().parseSpecialTokens())
            .withEngine(asked.tokenize().engine())
            .withSplitDigits(asked.tokenize().splitDigits());
    try (Tokenizer tokenizer = spec.open()) {
      Optional<ControlToken> bos =
          ControlToken.bos(asked.tokenize().addBos().toString(), spec, tokenizer);
      Optional<ControlToken> eos =
          ControlToken.eos(asked.tokenize().addEos().toString(), spec, tokenizer);
      Recipe<CepeTokenizeRecipe> resolved =
          new Recipe<>(
              recipe.name(),
              recipe.pipeline(),
              recipe.description(),
              asked.with(asked.tokenize().withTokens(choice(bos), choice(eos))),
              recipe.defaults());
      TokenizerSpec decided =
          engines.of(
              asked.tokenize().onMismatch(),
              spec.withEngine(tokenizer.engine()),
              Stages.read(asked.read(), job));
      return CepeTokenizePlan.of(
          resolved,
          job,
          files,
          Stages.encoder(asked.tokenize(), decided, id(bos), id(eos)),
          tokenizer.vocabularySize());
    }
  }

  private static TokenChoice choice(Optional<ControlToken> token) {
    return token.map(t -> TokenChoice.ofText(t.text())).orElse(TokenChoice.NONE);
  }

  private static OptionalInt id(Optional<ControlToken> token) {
    return token.map(t -> OptionalInt.of(t.id())).orElse(OptionalInt.empty());
  }
}
