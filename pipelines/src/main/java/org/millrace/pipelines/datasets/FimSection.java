package org.millrace.pipelines.datasets;

import java.util.List;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.pipelines.recipe.TokenChoice;
import org.millrace.transforms.fim.FimSentinels;
import org.millrace.transforms.fim.SpmVariant;

/** How texts are permuted for a model to learn to fill in the middle; a recipe's section. */
public record FimSection(
    @Setting(doc = "The share of texts that are permuted.", defaultsTo = "0.5", min = 0, max = 1)
        double rate,
    @Setting(
            doc =
                "The share of permuted texts that have their suffix first (SPM); the others are in"
                    + " the order prefix, suffix, middle (PSM).",
            defaultsTo = "0.5",
            min = 0,
            max = 1)
        double spmRate,
    @Setting(
            doc =
                "The order with the suffix first, as the paper numbers them: variant_1 is SUF suffix"
                    + " PRE prefix MID middle, variant_2 PRE SUF suffix MID prefix middle.",
            defaultsTo = "variant_2")
        SpmVariant spmVariant,
    @Setting(
            doc =
                "Where texts are cut: between tokens, which loses nothing; or at any character, where"
                    + " the parts are encoded anew.",
            defaultsTo = "token")
        Span span,
    @Setting(
            doc =
                "What a text is: a document, before it is packed; or a segment of a sample, up to an"
                    + " end-of-text, which keeps the sample's length.",
            defaultsTo = "segment")
        Unit unit,
    @Setting(
            doc =
                "The token before the prefix. auto takes the well-known one of the tokenizer; one"
                    + " that the tokenizer lacks is added behind its vocabulary.",
            defaultsTo = "auto")
        TokenChoice prefixToken,
    @Setting(doc = "The token before the middle.", defaultsTo = "auto") TokenChoice middleToken,
    @Setting(doc = "The token before the suffix.", defaultsTo = "auto") TokenChoice suffixToken,
    @Setting(doc = "The token that fills up a sample that got shorter.", defaultsTo = "auto")
        TokenChoice padToken) {

  /** Where texts are cut. */
  public enum Span {
    TOKEN,
    CHAR
  }

  /** What a text is. */
  public enum Unit {
    DOCUMENT,
    SEGMENT
  }

  /** The sentinels as they are asked for. */
  List<String> asked() {
    return List.of(
        prefixToken.toString(),
        middleToken.toString(),
        suffixToken.toString(),
        padToken.toString());
  }

  /** The same with the sentinels that there are. */
  FimSection with(FimSentinels found) {
    return new FimSection(
        rate,
        spmRate,
        spmVariant,
        span,
        unit,
        choice(prefixToken, found.sentinels().get(0)),
        choice(middleToken, found.sentinels().get(1)),
        choice(suffixToken, found.sentinels().get(2)),
        choice(padToken, found.sentinels().get(3)));
  }

  private static TokenChoice choice(TokenChoice asked, FimSentinels.Sentinel found) {
    return asked.kind() == TokenChoice.Kind.ID ? asked : TokenChoice.ofText(found.text());
  }
}
