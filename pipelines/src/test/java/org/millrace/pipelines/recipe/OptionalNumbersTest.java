package org.millrace.pipelines.recipe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that may be null, and numbers of shards. */
class OptionalNumbersTest {

  public record Cuts(
      @Setting(doc = "Rows.", min = 1, max = 9) Optional<Integer> rows,
      @Setting(doc = "Bytes.", defaultsTo = "4294967296", min = 8) Optional<Long> bytes,
      @Setting(doc = "A share.", max = 1) Optional<Double> share,
      @Setting(doc = "Shards.", defaultsTo = "8", min = 1, max = 100) ShardCount shards) {}

  private static final RecipeReader READER = RecipeReader.of(Map.of("cuts", Cuts.class));

  private static Recipe<?> recipe(String yaml) {
    return READER.read("c", "c.yaml", "pipeline: cuts\n" + yaml, List.of());
  }

  private static Cuts read(String yaml) {
    return (Cuts) recipe(yaml).settings();
  }

  @Test
  void areAbsentOrHaveTheirDefault() {
    assertThat(
        read(""),
        is(new Cuts(Optional.empty(), Optional.of(1L << 32), Optional.empty(), ShardCount.of(8))));
  }

  @Test
  void areBoundAndTurnedOff() {
    assertThat(
        read("rows: 3\nbytes: null\nshare: 0.5\nshards: input_files"),
        is(new Cuts(Optional.of(3), Optional.empty(), Optional.of(0.5), ShardCount.INPUT_FILES)));
    assertThat(read("shards: 1_00").shards(), is(ShardCount.of(100)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rows: 10            | c.yaml:2: rows is 10, must be an integer in 1..9, or null
          bytes: 7            | c.yaml:2: bytes is 7, must be an integer from 8, or null
          share: 2            | c.yaml:2: share is 2, must be a number up to 1, or null
          shards: 0           | c.yaml:2: shards is 0, must be an integer in 1..100, or input_files
          shards: -1          | c.yaml:2: shards is -1, must be an integer in 1..100, or input_files
          shards: 101         | c.yaml:2: shards is 101, must be an integer in 1..100, or input_files
          shards: 99999999999 | c.yaml:2: shards is 99999999999, must be an integer in 1..100, or input_files
          shards: input       | c.yaml:2: shards is the text "input", must be an integer in 1..100, or input_files
          shards: null        | c.yaml:2: shards is null, must be an integer in 1..100, or input_files
          """)
  void sayTheirRange(String yaml, String problem) {
    RecipeException e = assertThrows(RecipeException.class, () -> read(yaml));

    assertThat(e.problems(), equalTo(List.of(problem)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rows: 3\nbytes: null\nshards: input_files", "share: 1\nshards: 5"})
  void shownAndReadAgainAreEqual(String yaml) {
    Recipe<?> recipe = recipe(yaml);

    assertThat(read(recipe.yaml().replaceFirst("pipeline: cuts\n", "")), is(recipe.settings()));
  }

  @Test
  void haveTheirValuesInTheCanonicalJson() {
    assertThat(
        recipe("rows: 3\nshards: input_files").canonicalJson(),
        is(
            "{\"bytes\":4294967296,\"pipeline\":\"cuts\",\"rows\":3,\"shards\":\"input_files\","
                + "\"share\":null}"));
    assertThat(recipe("shards: 5").canonicalJson(), containsString("\"shards\":5"));
  }
}
