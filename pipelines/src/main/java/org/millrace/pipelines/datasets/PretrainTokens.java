package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.pipelines.datasets.PretrainRecipe.Pack;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.fim.FimSentinels;
import org.millrace.transforms.tokenize.ControlToken;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * The tokens that a recipe asks for beside those of the texts, as a tokenizer has them.
 *
 * @param sentinels of fill-in-the-middle, where that is on
 * @param vocabularySize with sentinels that the tokenizer lacks
 */
record PretrainTokens(
    Optional<ControlToken> bos,
    Optional<ControlToken> eos,
    Optional<ControlToken> pad,
    Optional<FimSentinels> sentinels,
    int vocabularySize) {

  /**
   * Finds them.
   *
   * @throws IllegalArgumentException where the vocabulary has no such token
   */
  static PretrainTokens of(PretrainRecipe asked, TokenizerSpec spec, Tokenizer tokenizer)
      throws IOException {
    Optional<ControlToken> bos =
        ControlToken.bos(asked.tokenize().addBos().toString(), spec, tokenizer);
    Optional<ControlToken> eos =
        ControlToken.eos(asked.tokenize().addEos().toString(), spec, tokenizer);
    Optional<ControlToken> pad =
        asked.pack().filter(Pack::pads).isPresent()
            ? Optional.of(padding(asked.pack().get(), eos, spec, tokenizer))
            : Optional.empty();
    Optional<FimSentinels> sentinels =
        asked.fim().map(fim -> FimSentinels.of(fim.asked(), tokenizer));
    bos.ifPresent(control -> refuseSentinel(control, sentinels));
    eos.ifPresent(control -> refuseSentinel(control, sentinels));
    int size = sentinels.map(FimSentinels::vocabularySize).orElse(tokenizer.vocabularySize());
    return new PretrainTokens(bos, eos, pad, sentinels, size);
  }

  private static void refuseSentinel(ControlToken control, Optional<FimSentinels> sentinels) {
    if (sentinels.isPresent() && sentinels.get().tokens().isSentinel(control.id())) {
      throw new IllegalArgumentException(
          String.format(
              "fim: %s (id %d) begins or ends documents, and cannot be a sentinel too; the sentinels"
                  + " are %s",
              control.text(), control.id(), sentinels.get()));
    }
  }

  private static ControlToken padding(
      Pack asked, Optional<ControlToken> eos, TokenizerSpec spec, Tokenizer tokenizer)
      throws IOException {
    TokenChoice token = asked.padToken();
    return switch (token.kind()) {
      case NONE ->
          throw new IllegalArgumentException(
              (asked.leftover() == PretrainRecipe.Leftover.PAD
                      ? "pack.leftover is pad"
                      : "pack.short_seq_prob is above 0")
                  + ", but pack.pad_token is none; set it to a token's text or id");
      case AUTO ->
          eos.orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "pack.pad_token is auto, the end-of-text, but tokenize.add_eos is none; set"
                          + " it to a token's text or id"));
      case TEXT, ID -> ControlToken.pad(token.toString(), spec, tokenizer).orElseThrow();
    };
  }

  /** The recipe with these tokens in place of what was asked. */
  PretrainRecipe resolve(PretrainRecipe asked) {
    return asked.withTokens(choice(bos), choice(eos), choice(pad), sentinels);
  }

  private static TokenChoice choice(Optional<ControlToken> token) {
    return token.map(t -> TokenChoice.ofText(t.text())).orElse(TokenChoice.NONE);
  }

  static OptionalInt id(Optional<ControlToken> token) {
    return token.map(t -> OptionalInt.of(t.id())).orElse(OptionalInt.empty());
  }
}
