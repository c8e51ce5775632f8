package org.millrace.io.file;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberSelectorTest {

  @ParameterizedTest
  @CsvSource({
    "data-00000.h5, 0",
    "data-00007.h5, 7",
    "part2/examples_0_4.h5, 4",
    "shard.00012.mds, 2",
    "shard.00013.mds.zstd, 3",
    "chunk1/example_train_5.jsonl.zst, 5",
    "train-00008-of-00059.parquet, 8",
    "2023-06/x.9.jsonl.bz2, 9",
    "12345678901234567890123456789016, 6"
  })
  void takesTheNumberOfTheName(String path, int number) {
    for (int remainder = 0; remainder < 10; remainder++) {
      assertThat(
          new NumberSelector(10, remainder).selects(path), equalTo(remainder == number % 10));
    }
  }

  @Test
  void partsAreDisjointAndMakeUpTheWhole() {
    List<String> paths = List.of("data-00000.h5", "data-00001.h5", "data-00002.h5");

    assertThat(
        paths.stream().filter(new NumberSelector(2, 0)::selects).toList(),
        equalTo(List.of("data-00000.h5", "data-00002.h5")));
    assertThat(
        paths.stream().filter(new NumberSelector(2, 1)::selects).toList(),
        equalTo(List.of("data-00001.h5")));
  }

  @Test
  void refusesANameWithoutNumberAndPartsThatThereAreNot() {
    Exception noNumber =
        assertThrows(
            IllegalArgumentException.class,
            () -> new NumberSelector(2, 1).selects("2024/notes.txt"));
    assertThat(
        noNumber.getMessage(), allOf(containsString("2024/notes.txt"), containsString("mod 2")));
    assertThrows(IllegalArgumentException.class, () -> new NumberSelector(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new NumberSelector(2, 2));
  }
}
