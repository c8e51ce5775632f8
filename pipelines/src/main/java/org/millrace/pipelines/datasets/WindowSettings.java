package org.millrace.pipelines.datasets;

import java.io.Serializable;
import org.millrace.transforms.logits.TargetSettings;

/**
 * What workers need to know of a {@link CepeLogitsRecipe}, which does not travel.
 *
 * @param decoderTokens how many of a window's own tokens have targets, at most
 * @param encoderTokens how many tokens before them are read, at most
 * @param passages how many passages are read, at most
 * @param keepsTokens whether the tokens go with the targets
 * @param shardsOfPart how many shards each part has
 * @param targets what is kept of the teacher's answers
 */
record WindowSettings(
    int decoderTokens,
    int encoderTokens,
    int passages,
    boolean keepsTokens,
    int shardsOfPart,
    TargetSettings targets)
    implements Serializable {

  static WindowSettings of(CepeLogitsRecipe recipe) {
    CepeLogitsRecipe.Logits logits = recipe.logits();
    return new WindowSettings(
        logits.decoderTokens().orElse(Integer.MAX_VALUE),
        logits.encoderTokens(),
        logits.retrievalK(),
        recipe.output().columns().contains(CepeLogitsRecipe.TokenColumn.TOKEN_IDS),
        recipe.output().numShards(),
        new TargetSettings(
            logits.topk(), logits.logProbabilities(), recipe.teacher().batchTokens()));
  }
}
