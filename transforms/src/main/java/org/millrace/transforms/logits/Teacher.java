package org.millrace.transforms.logits;

import java.io.IOException;
import java.util.List;
import org.millrace.transforms.data.TokenIds;

/**
 * A causal language model that is asked what it expects behind the tokens of a sequence. Used by
 * several threads at a time.
 */
public interface Teacher extends AutoCloseable {

  /** The number of logits at each position: every id is below it. */
  int vocabularySize();

  /**
   * The most tokens that a batch may have, padding included, because of what the teacher's logits
   * take; {@link Integer#MAX_VALUE} where there is no limit.
   */
  int maxTokens();

  /** The most rows that a batch may have; {@link Integer#MAX_VALUE} where there is no limit. */
  int maxRows();

  /**
   * What computes, in words, as "onnxruntime 1.29.0 cpu": another one may give another last bit.
   */
  String runtime();

  /**
   * Runs the model over a batch.
   *
   * @param rows sequences of one token or more; what they are filled up with to one length changes
   *     no result
   * @throws IOException when the model fails, with what it says
   */
  Logits run(List<TokenIds> rows) throws IOException;

  /** Gives up this user's hold on the model. */
  @Override
  void close();

  /** The logits of a batch, until it is closed. Not for several threads. */
  interface Logits extends AutoCloseable {

    /**
     * Copies the logits for the token behind a position.
     *
     * @param row the number of the sequence in the batch
     * @param position of a token in the sequence
     * @param target as long as the vocabulary
     */
    void copyTo(int row, int position, float[] target);

    @Override
    void close();
  }
}
