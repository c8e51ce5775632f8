package org.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitPlanTest {

  private static List<SourceFile> files(int count, long documents) {
    return IntStream.range(0, count)
        .mapToObj(i -> new SourceFile("arxiv/a" + i + ".npy", documents))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static int size(SplitPlan plan, Split split) {
    return plan.parts(split).size();
  }

  /** CEPE's rule by hand: files, documents in each; parts for test, training and retrieval. */
  @ParameterizedTest
  @CsvSource({
    "4, 10, 1, 1, 2",
    "5, 10, 1, 1, 3",
    "8, 10, 1, 3, 4",
    "99, 10, 1, 48, 50",
    "100, 10, 1, 49, 50",
    "199, 10, 1, 98, 100",
    "200, 10, 2, 98, 100",
    "1234, 10, 12, 605, 617",
    // A single file: 100 groups, 1, 49 and 50 of them.
    "1, 250, 1, 49, 50",
    "1, 100, 1, 49, 50",
    "2, 250, 2, 98, 100",
    "3, 250, 3, 147, 150",
    // Fewer documents than groups.
    "1, 99, 1, 48, 50",
    "1, 4, 1, 1, 2",
    "1, 3, 1, 1, 1",
    "1, 2, 1, 1, 0",
    "1, 1, 1, 0, 0",
    "3, 1, 1, 1, 1",
    "1, 0, 0, 0, 0",
    "0, 0, 0, 0, 0"
  })
  void sizesAsByHand(int files, long documents, int test, int train, int retrieval) {
    SplitPlan plan = SplitPlan.of(files(files, documents), 42);

    assertThat(size(plan, Split.TEST), equalTo(test));
    assertThat(size(plan, Split.TRAIN), equalTo(train));
    assertThat(size(plan, Split.RETRIEVAL), equalTo(retrieval));
  }

  @ParameterizedTest
  @CsvSource({"1, 250", "1, 99", "2, 7", "3, 1001", "17, 3", "4, 1"})
  void noDocumentIsLostOrInTwoSplits(int files, long documents) {
    SplitPlan plan = SplitPlan.of(files(files, documents), 1);

    List<String> found = new ArrayList<>();
    for (Split split : Split.values()) {
      for (FilePart part : plan.parts(split)) {
        for (long i = part.from(); i < part.to(); i++) {
          found.add(part.path() + ":" + i);
        }
      }
    }
    assertThat(found.size(), equalTo((int) (files * documents)));
    assertThat(new TreeSet<>(found).size(), equalTo(found.size()));
  }

  /** 250 documents in 100 groups: two or three in each; CEPE lost the last 50. */
  @Test
  void groupsDifferByOneDocument() {
    SplitPlan plan = SplitPlan.of(files(1, 250), 1);

    for (FilePart part : plan.parts(Split.TRAIN)) {
      assertThat(part.id(), part.documents() == 2 || part.documents() == 3);
    }
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    List<SourceFile> files = files(50, 9);
    SplitPlan expected = SplitPlan.of(files, 42);

    for (int i = 0; i < 20; i++) {
      Collections.shuffle(files, new Random(i));
      SplitPlan plan = SplitPlan.of(files, 42);
      for (Split split : Split.values()) {
        assertThat(plan.parts(split), equalTo(expected.parts(split)));
      }
    }
  }

  @Test
  void anotherSeedIsAnotherSplit() {
    SplitPlan one = SplitPlan.of(files(50, 9), 1);
    SplitPlan two = SplitPlan.of(files(50, 9), 2);

    assertThat(two.parts(Split.TRAIN), not(equalTo(one.parts(Split.TRAIN))));
  }

  @Test
  void refusesOnePathTwice() {
    List<SourceFile> files = List.of(new SourceFile("a", 1), new SourceFile("a", 2));

    Exception error =
        assertThrows(IllegalArgumentException.class, () -> SplitPlan.of(files, 0));

    assertThat(error.getMessage(), containsString("two files of a domain are called a"));
  }
}
