package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;

class AnnotatorTest {

  /** Writes down what it is asked. */
  private static final class Noting extends Teachers.Summing {
    private final List<List<Integer>> batches = new ArrayList<>();
    private int maxRows = Integer.MAX_VALUE;

    Noting() {
      super(1000);
    }

    @Override
    public int maxRows() {
      return maxRows;
    }

    @Override
    public Logits run(List<TokenIds> rows) {
      batches.add(rows.stream().map(TokenIds::length).toList());
      return super.run(rows);
    }
  }

  private static TeacherInput ofLength(int length, int positions) {
    return new TeacherInput(
        "sample " + length, TokenIds.wrap(IntStream.range(0, length).toArray()), positions);
  }

  @Test
  void rowsAreTheLastPositionsAndPredictTheNextToken() throws Exception {
    Annotator annotator = new Annotator(new Teachers.Summing(50), new TargetSettings(3, false, 64));

    List<TopKLogits> targets =
        annotator.annotate(List.of(new TeacherInput("a", TokenIds.of(10, 20, 5, 3), 2)));

    // Behind the third token the sum is 35, behind the fourth 38.
    assertThat(targets.get(0).ids(), equalTo(TokenIds.of(35, 34, 36, 38, 37, 39)));
    assertThat(targets.get(0).positions(), equalTo(2));
  }

  @Test
  void equalLengthsMakeBatchesOfTheTokensAllowed() throws Exception {
    Noting teacher = new Noting();
    List<TeacherInput> window = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      window.add(ofLength(32, 1));
    }

    new Annotator(teacher, new TargetSettings(1, false, 70)).annotate(window);

    assertThat(teacher.batches, equalTo(List.of(List.of(32, 32), List.of(32, 32), List.of(32))));
  }

  @Test
  void lengthsFarApartDoNotMeet() throws Exception {
    Noting teacher = new Noting();
    List<TeacherInput> window = new ArrayList<>();
    for (int length : new int[] {200, 10, 190, 64, 65, 12}) {
      window.add(ofLength(length, 1));
    }

    List<TopKLogits> targets =
        new Annotator(teacher, new TargetSettings(1, false, 4096)).annotate(window);

    assertThat(
        teacher.batches,
        equalTo(List.of(List.of(10, 12, 64), List.of(65), List.of(190), List.of(200))));
    assertThat(
        targets.stream().map(t -> t.ids().get(0)).toList(),
        equalTo(List.of(900, 45, 955, 16, 80, 66)));
  }

  @Test
  void batchesHaveNoMoreRowsThanTheTeacherTakes() throws Exception {
    Noting teacher = new Noting();
    teacher.maxRows = 1;

    new Annotator(teacher, new TargetSettings(1, false, 4096))
        .annotate(List.of(ofLength(4, 1), ofLength(4, 1)));

    assertThat(teacher.batches, equalTo(List.of(List.of(4), List.of(4))));
  }

  @Test
  void noResultDependsOnTheOthersOfItsWindow() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    Noting teacher = new Noting();
    Annotator annotator = new Annotator(teacher, new TargetSettings(4, true, 500));
    for (int round = 0; round < 15; round++) {
      List<TeacherInput> window = new ArrayList<>();
      int count = 1 + random.nextInt(Annotator.WINDOW);
      for (int i = 0; i < count; i++) {
        int length = 1 + random.nextInt(300);
        window.add(ofLength(length, 1 + random.nextInt(length)));
      }

      List<TopKLogits> together = annotator.annotate(window);

      for (int i = 0; i < count; i++) {
        assertThat(together.get(i), equalTo(annotator.annotate(window.subList(i, i + 1)).get(0)));
      }
    }
    for (List<Integer> lengths : teacher.batches) {
      int padded = lengths.size() * lengths.stream().mapToInt(i -> i).max().orElseThrow();
      assertThat(padded, lessThanOrEqualTo(500));
    }
  }

  @Test
  void aLogitThatIsNoNumberNamesTheSample() {
    Teacher teacher =
        new Teachers.Summing(50) {
          @Override
          float logit(int sum, int id) {
            return sum == 30 && id == 7 ? Float.NaN : id;
          }
        };
    Annotator annotator = new Annotator(teacher, new TargetSettings(3, false, 64));

    IOException error =
        assertThrows(
            IOException.class,
            () ->
                annotator.annotate(
                    List.of(new TeacherInput("arxiv, sample 3", TokenIds.of(10, 20, 5), 2))));

    assertThat(
        error.getMessage(),
        equalTo(
            "arxiv, sample 3: behind token 1: the logit of token 7: expected a finite number, got"
                + " NaN"));
  }

  @Test
  void whatTheTeacherCannotReadIsRefused() {
    Annotator annotator = new Annotator(new Teachers.Summing(50), new TargetSettings(3, false, 64));

    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> annotator.annotate(List.of(new TeacherInput("s", TokenIds.of(49, 50), 1))))
            .getMessage(),
        containsString("s: token id 50 is not in the teacher's vocabulary of 50"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> new TeacherInput("s", TokenIds.of(1, 2), 3))
            .getMessage(),
        containsString("s: positions must be in 1..2"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> new Annotator(new Teachers.Summing(50), new TargetSettings(51, false, 64)))
            .getMessage(),
        containsString("k must be in 1..50"));
  }
}
