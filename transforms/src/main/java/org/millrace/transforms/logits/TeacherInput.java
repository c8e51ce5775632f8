package org.millrace.transforms.logits;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import org.millrace.transforms.data.TokenIds;

/**
 * A sequence that a teacher reads.
 *
 * @param id names it in an error
 * @param tokens all that it reads
 * @param positions how many positions are asked for: the last ones. The first of them has seen all
 *     before it and its own token, and predicts the next one
 */
public record TeacherInput(String id, TokenIds tokens, int positions) {

  public TeacherInput {
    checkArgument(
        positions > 0 && positions <= tokens.length(),
        "%s: positions must be in 1..%s, the tokens there are, was %s",
        id,
        tokens.length(),
        positions);
  }
}
