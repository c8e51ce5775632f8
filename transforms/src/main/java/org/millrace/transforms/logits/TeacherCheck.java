package org.millrace.transforms.logits;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.millrace.transforms.data.TokenIds;

/**
 * Finds out, before a run, whether a teacher can do what the run asks of it: with batches of a few
 * tokens, and with one sequence as long as the longest will be.
 */
public final class TeacherCheck {

  /**
   * Models often have more rows than their tokenizer has tokens, for the sake of round numbers;
   * Qwen 2.5 has 399 more.
   */
  private static final int MAX_SPARE_IDS = 1023;

  /**
   * How far a logit may move for what should not matter, as a share of all logits' range: rounding
   * moves it by less than a thousandth, int8 activations by some hundredths.
   */
  private static final float TOLERANCE = 0.05f;

  private static final int SHORT = 5;
  private static final int LONG = 8;

  private final Teacher teacher;

  private TeacherCheck(Teacher teacher) {
    this.teacher = teacher;
  }

  /**
   * Asks the teacher.
   *
   * @param longest how many tokens the longest sequence will have
   * @param vocabularySize that of the tokenizer whose ids it will be asked about; empty where it is
   *     not known
   * @throws IllegalArgumentException when it cannot be used, with the reason
   */
  public static void check(Teacher teacher, int longest, OptionalInt vocabularySize)
      throws IOException {
    TeacherCheck check = new TeacherCheck(teacher);
    if (vocabularySize.isPresent()) {
      check.checkVocabulary(vocabularySize.getAsInt());
    }
    check.checkLength(longest);
    if (longest >= 2) {
      int shorter = Math.min(SHORT, longest - 1);
      check.checkContext(shorter, Math.min(LONG, longest));
    }
  }

  private void checkVocabulary(int tokens) {
    int logits = teacher.vocabularySize();
    if (logits < tokens || logits > (long) tokens + MAX_SPARE_IDS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the teacher gives logits for %d tokens, but the tokenizer has %d; expected as many,"
                  + " or up to %d more: take the tokenizer that the teacher was trained with",
              logits,
              tokens,
              MAX_SPARE_IDS));
    }
  }

  private void checkLength(int longest) throws IOException {
    if (longest > teacher.maxTokens()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sequences of %d tokens are too long: the teacher's logits of a batch may take 2 GiB,"
                  + " which are %d tokens",
              longest,
              teacher.maxTokens()));
    }
    try (Teacher.Logits logits = teacher.run(List.of(tokens(0, longest)))) {
      float[] last = read(logits, 0, longest - 1);
      requireFinite(last, longest);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a sequence of " + longest + " tokens, the longest there will be: " + e.getMessage(), e);
    }
  }

  /** What stands behind a position must not change its logits, be it tokens or padding. */
  private void checkContext(int shorter, int longer) throws IOException {
    TokenIds whole = tokens(0, longer);
    TokenIds part = whole.slice(0, shorter);
    float[] alone = logits(List.of(part), 0, shorter - 1);
    requireFinite(alone, shorter);
    float[] followed = logits(List.of(whole), 0, shorter - 1);
    if (differ(alone, followed)) {
      throw new IllegalArgumentException(
          "the logits of a position change with the tokens behind it: this is no causal language"
              + " model");
    }
    if (teacher.maxRows() > 1) {
      float[] padded = logits(List.of(part, whole), 0, shorter - 1);
      if (differ(alone, padded)) {
        throw new IllegalArgumentException(
            "the logits of a sequence change with what it is padded with, or with the others of its"
                + " batch");
      }
    }
  }

  private float[] logits(List<TokenIds> rows, int row, int position) throws IOException {
    try (Teacher.Logits logits = teacher.run(rows)) {
      return read(logits, row, position);
    }
  }

  private float[] read(Teacher.Logits logits, int row, int position) {
    float[] values = new float[teacher.vocabularySize()];
    logits.copyTo(row, position, values);
    return values;
  }

  private static void requireFinite(float[] logits, int tokens) {
    for (int id = 0; id < logits.length; id++) {
      if (!Float.isFinite(logits[id])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "its logits behind %d tokens: expected finite numbers, got %s for token %d",
                tokens,
                logits[id],
                id));
      }
    }
  }

  private static boolean differ(float[] one, float[] other) {
    float min = Float.MAX_VALUE;
    float max = -Float.MAX_VALUE;
    float difference = 0;
    for (int i = 0; i < one.length; i++) {
      min = Math.min(min, one[i]);
      max = Math.max(max, one[i]);
      difference = Math.max(difference, Math.abs(one[i] - other[i]));
    }
    return !(difference <= TOLERANCE * (max - min));
  }

  /** Some ids, different ones. */
  private TokenIds tokens(int from, int count) {
    return TokenIds.wrap(
        IntStream.range(from, from + count)
            .map(i -> (7 * i + 1) % teacher.vocabularySize())
            .toArray());
  }
}
