package org.millrace.pipelines.recipe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {

  public record Small(
      @Setting(doc = "Zeta.", defaultsTo = "0.00001") double zeta,
      @Setting(doc = "A name.", defaultsTo = "abel") String alphaName,
      @Setting(doc = "A mark.", defaultsTo = "auto") TokenChoice mark,
      @Setting(doc = "A part.") Optional<Part> part) {}

  public record Part(@Setting(doc = "Keys.", defaultsTo = "[a]") List<String> keys) {}

  private static final RecipeReader READER = RecipeReader.of(Map.of("small", Small.class));

  private static Recipe<?> read(String yaml) {
    return READER.read("r", "r.yaml", yaml, List.of());
  }

  @Test
  void canonicalJsonHasEveryValueSortedAndNoWhiteSpace() {
    Recipe<?> recipe = read("pipeline: small\nmark: 3\npart: {}\n");
    assertThat(
        recipe.canonicalJson(),
        is(
            "{\"alpha_name\":\"abel\",\"mark\":3,\"part\":{\"keys\":[\"a\"]},\"pipeline\":\"small\","
                + "\"zeta\":0.00001}"));
  }

  @Test
  void hashDependsOnWhatDecidesTheOutputAlone() {
    String plain = read("pipeline: small").sha256();
    // printf '{"alpha_name":"abel","mark":"auto","part":null,"pipeline":"small","zeta":0.00001}' |
    // sha256sum
    assertThat(plain, is("efe531d87e7d2f30c2778a905007ed7970c0951cdfbd1c9729399d9e01df77ff"));
    assertThat(
        read("description: d\npipeline: small\nzeta: 1.0e-5\ndefaults: {input: i}").sha256(),
        is(plain));
    assertThat(read("pipeline: small\nzeta: 0.00002").sha256(), is(not(plain)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pipeline: small",
        "pipeline: small\npart: {}",
        "pipeline: small\ndescription: 'two: \"words\" # no comment'\nalpha_name: 'null'",
        "pipeline: small\nalpha_name: 'yes'\nmark: '12'\nzeta: 1",
        "pipeline: small\nmark: 12\nalpha_name: \"tab\\t and \\u0001 and \\U0001F600 and \\\\\"",
        "pipeline: small\nmark: <|endoftext|>\nzeta: 0.1234567890123456",
        "pipeline: small\nzeta: 1.0e+300\ndefaults: {input: 'a b', output: '*'}",
        "pipeline: small\npart:\n  keys: ['a, b', '[', '- x', 'é', '#', '1.5', 'on']",
      })
  void yamlReadAgainGivesAnEqualRecipe(String yaml) {
    Recipe<?> recipe = read(yaml);
    assertThat(read(recipe.yaml()), is(recipe));
  }

  @Test
  void yamlHasACommentOnEveryKey() {
    assertThat(
        read("pipeline: small\npart: {}").yaml(),
        is(
            """
            pipeline: small

            # Zeta. (a number; default 0.00001)
            zeta: 0.00001

            # A name. (text; default abel)
            alpha_name: abel

            # A mark. (none, auto, the text of a token, or its id; default auto)
            mark: auto

            # A part. Null turns it off.
            part:
              # Keys. (a list of text; default [a])
              keys: [a]
            """));
  }

  @Test
  void yamlSaysHowToTurnOnWhatIsOff() {
    assertThat(
        read("pipeline: small").yaml(),
        containsString("# A part. Off; {} turns it on. Its keys: keys.\npart: null\n"));
  }
}
