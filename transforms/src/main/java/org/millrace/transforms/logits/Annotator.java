package org.millrace.transforms.logits;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.millrace.transforms.data.Half;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;

/**
 * Asks a teacher about sequences, window by window.
 *
 * <p>In a window, sequences of about the same length make a batch, and shorter ones are padded.
 * Which sequences meet in a batch depends on the window alone: who cuts a dataset into windows by
 * its data gets the same result from any number of workers. Memory: the logits of one batch, and
 * the targets of one window.
 *
 * <pre>{@code
 * try (Teacher teacher = spec.open()) {
 *   Annotator annotator = new Annotator(teacher, new TargetSettings(50, false, 4096));
 *   List<TopKLogits> targets = annotator.annotate(window);
 * }
 * }</pre>
 */
public final class Annotator {

  /** How many sequences make a window; the last one of a group may be smaller. */
  public static final int WINDOW = 64;

  /** Lengths that are equal when rounded up to a multiple of this meet in a batch. */
  private static final int LENGTH_STEP = 64;

  private final Teacher teacher;
  private final TargetSettings settings;
  private final TopK topK;
  private final float[] logits;

  /**
   * For one thread.
   *
   * @throws IllegalArgumentException when the teacher has fewer than k tokens
   */
  public Annotator(Teacher teacher, TargetSettings settings) {
    checkArgument(
        settings.k() <= teacher.vocabularySize(),
        "k must be in 1..%s, the teacher's vocabulary, was %s",
        teacher.vocabularySize(),
        settings.k());
    this.teacher = teacher;
    this.settings = settings;
    this.topK = new TopK(settings.k(), settings.logarithms());
    this.logits = new float[teacher.vocabularySize()];
  }

  /**
   * The targets of the sequences of a window, in their order.
   *
   * @throws IllegalArgumentException when a sequence holds an id that the teacher does not know, or
   *     is too long for it
   * @throws IOException when the teacher fails, or one of its logits is no finite number: with the
   *     id of the sequence
   */
  public List<TopKLogits> annotate(List<TeacherInput> window) throws IOException {
    window.forEach(this::check);
    TopKLogits[] targets = new TopKLogits[window.size()];
    // The sort is stable: equal lengths stay in the order of the window.
    List<Integer> byLength =
        IntStream.range(0, window.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> window.get(i).tokens().length()))
            .toList();
    List<Integer> batch = new ArrayList<>();
    for (int next : byLength) {
      int length = window.get(next).tokens().length();
      if (!batch.isEmpty() && !fits(batch, length, window)) {
        run(batch, window, targets);
        batch.clear();
      }
      batch.add(next);
    }
    if (!batch.isEmpty()) {
      run(batch, window, targets);
    }
    return Arrays.asList(targets);
  }

  private void check(TeacherInput input) {
    TokenIds tokens = input.tokens();
    checkArgument(
        tokens.max() < teacher.vocabularySize(),
        "%s: token id %s is not in the teacher's vocabulary of %s",
        input.id(),
        tokens.max(),
        teacher.vocabularySize());
    checkArgument(
        tokens.length() <= teacher.maxTokens(),
        "%s: %s tokens are too many: the teacher can be asked about %s at a time",
        input.id(),
        tokens.length(),
        teacher.maxTokens());
  }

  /** Whether a sequence that is not shorter than those of a batch may be added to it. */
  private boolean fits(List<Integer> batch, int length, List<TeacherInput> window) {
    int shortest = window.get(batch.get(0)).tokens().length();
    long tokens = (batch.size() + 1L) * length;
    return (shortest - 1) / LENGTH_STEP == (length - 1) / LENGTH_STEP
        && batch.size() < teacher.maxRows()
        && tokens <= Math.min(settings.batchTokens(), teacher.maxTokens());
  }

  private void run(List<Integer> batch, List<TeacherInput> window, TopKLogits[] targets)
      throws IOException {
    List<TokenIds> rows = batch.stream().map(i -> window.get(i).tokens()).toList();
    try (Teacher.Logits found = teacher.run(rows)) {
      for (int row = 0; row < batch.size(); row++) {
        targets[batch.get(row)] = targets(found, row, window.get(batch.get(row)));
      }
    }
  }

  private TopKLogits targets(Teacher.Logits found, int row, TeacherInput input) throws IOException {
    int k = settings.k();
    int[] ids = new int[input.positions() * k];
    float[] values = new float[k + 1];
    short[] halves = new short[input.positions() * (k + 1)];
    int first = input.tokens().length() - input.positions();
    for (int i = 0; i < input.positions(); i++) {
      found.copyTo(row, first + i, logits);
      try {
        topK.of(logits, ids, i * k, values, 0);
      } catch (ArithmeticException e) {
        throw new IOException(
            input.id() + ": behind token " + (first + i) + ": " + e.getMessage(), e);
      }
      for (int rank = 0; rank <= k; rank++) {
        halves[i * (k + 1) + rank] = Half.of(values[rank]);
      }
    }
    return TopKLogits.wrap(k, ids, halves);
  }
}
