package org.millrace.pipelines.datasets;

import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.tokenize.SplitDigits;
import org.millrace.transforms.tokenize.TokenizerEngine;

/** How text becomes token ids. */
public record TokenizeSettings(
    @Setting(doc = "The token before each document.", defaultsTo = "none") TokenChoice addBos,
    @Setting(
            doc = "The token after each document; auto is the tokenizer's end-of-text.",
            defaultsTo = "auto")
        TokenChoice addEos,
    @Setting(
            doc = "Whether text that reads as a special token becomes its id.",
            defaultsTo = "false")
        boolean parseSpecialTokens,
    @Setting(
            doc =
                "Whether numbers are cut into digits: isolated makes each digit a piece of its"
                    + " own, attach_space one with the blank before it.",
            defaultsTo = "none")
        SplitDigits splitDigits,
    @Setting(
            doc =
                "Cuts each text before the first blank behind so many characters, and tokenizes"
                    + " the parts apart, as CrystalCoder's data were, with a blank too many at each"
                    + " cut; null does not.",
            min = 1)
        Optional<Integer> chunkCharacters,
    @Setting(
            doc =
                "What encodes: java is fast, djl the library that tokenizers are made for; auto"
                    + " takes java where it understands the tokenizer. Ids are the same.",
            defaultsTo = "auto")
        TokenizerEngine engine,
    @Setting(
            doc =
                "Where java and djl differ on texts of the input, before anything is read:"
                    + " whether the run fails, or djl encodes.",
            defaultsTo = "fail")
        OnMismatch onMismatch) {

  TokenizeSettings withTokens(TokenChoice bos, TokenChoice eos) {
    return new TokenizeSettings(
        bos, eos, parseSpecialTokens, splitDigits, chunkCharacters, engine, onMismatch);
  }

  /** What to do where two encoders differ. */
  public enum OnMismatch {
    FAIL,
    DJL
  }
}
