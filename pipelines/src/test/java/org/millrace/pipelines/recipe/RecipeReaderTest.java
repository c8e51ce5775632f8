package org.millrace.pipelines.recipe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeReaderTest {

  /** Has one key of each type. */
  public record Mill(
      @Setting(doc = "A seed.", defaultsTo = "0") long seed,
      @Setting(doc = "Wheels.", defaultsTo = "2", min = 1, max = 12) int wheels,
      @Setting(doc = "A share.", defaultsTo = "0.5", min = 0, max = 1, aboveMin = true)
          double share,
      @Setting(doc = "Whether it turns.", defaultsTo = "true") boolean turns,
      @Setting(doc = "Who runs it.", defaultsTo = "nobody") String miller,
      @Setting(doc = "What it is driven by.", defaultsTo = "fast_water") Power power,
      @Setting(doc = "A token.", defaultsTo = "auto") TokenChoice mark,
      @Setting(doc = "Grains.", defaultsTo = "[oat, rye]") List<String> grains,
      @Setting(doc = "Powers.", defaultsTo = "[wind]") List<Power> powers,
      @Setting(doc = "Names to keep.", mayBeEmpty = true) Optional<List<String>> names,
      @Setting(doc = "A stone.") Stone stone,
      @Setting(doc = "A sieve.") Optional<Sieve> sieve) {}

  public enum Power {
    FAST_WATER,
    WIND
  }

  public record Stone(@Setting(doc = "Bits.", defaultsTo = "3", min = 0) int stoneSize) {
    public Stone {
      if (stoneSize == 13) {
        throw new IllegalArgumentException("stone_size must not be 13");
      }
    }
  }

  public record Sieve(
      @Setting(doc = "Meshes.", min = 1) int meshes,
      @Setting(doc = "Layers.", defaultsTo = "1") int layers) {}

  private static final RecipeReader READER = RecipeReader.of(Map.of("mill", Mill.class));

  private static Mill read(String yaml, String... overrides) {
    return (Mill)
        READER.read("m", "m.yaml", "pipeline: mill\n" + yaml, List.of(overrides)).settings();
  }

  private static List<String> problems(String yaml, String... overrides) {
    return assertThrows(RecipeException.class, () -> read(yaml, overrides)).problems();
  }

  @Test
  void fillsInEveryDefault() {
    assertThat(
        read(""),
        is(
            new Mill(
                0,
                2,
                0.5,
                true,
                "nobody",
                Power.FAST_WATER,
                TokenChoice.AUTO,
                List.of("oat", "rye"),
                List.of(Power.WIND),
                Optional.empty(),
                new Stone(3),
                Optional.empty())));
  }

  @Test
  void bindsEveryType() {
    Mill mill =
        read(
            """
            seed: -9223372036854775808
            wheels: 1_2
            share: 1
            turns: false
            miller: "7"
            power: wind
            mark: </s>
            grains: [wheat]
            powers:
              - fast_water
              - wind
            names: []
            stone: {stone_size: 4}
            sieve:
              meshes: 9
            """);
    assertThat(
        mill,
        is(
            new Mill(
                Long.MIN_VALUE,
                12,
                1,
                false,
                "7",
                Power.WIND,
                TokenChoice.ofText("</s>"),
                List.of("wheat"),
                List.of(Power.FAST_WATER, Power.WIND),
                Optional.of(List.of()),
                new Stone(4),
                Optional.of(new Sieve(9, 1)))));
  }

  @Test
  void tellsTokensByIdFromTokensByText() {
    assertThat(read("mark: 5").mark(), is(TokenChoice.ofId(5)));
    assertThat(read("mark: '5'").mark(), is(TokenChoice.ofText("5")));
    assertThat(read("mark: none").mark(), is(TokenChoice.NONE));
  }

  @Test
  void nullTurnsAnOptionalSectionOff() {
    assertThat(read("sieve: null").sieve(), is(Optional.empty()));
    assertThat(read("sieve: ~").sieve(), is(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          wheels: 0              | m.yaml:2: wheels is 0, must be an integer in 1..12
          wheels: 13             | m.yaml:2: wheels is 13, must be an integer in 1..12
          wheels: "8"            | m.yaml:2: wheels is the text "8", must be an integer in 1..12
          wheels: 8.0            | m.yaml:2: wheels is 8.0, must be an integer in 1..12
          wheels: true           | m.yaml:2: wheels is true, must be an integer in 1..12
          wheels: null           | m.yaml:2: wheels is null, must be an integer in 1..12
          wheels:                | m.yaml:2: wheels is nothing, must be an integer in 1..12
          wheels: [1]            | m.yaml:2: wheels is a list of 1, must be an integer in 1..12
          wheels: {a: 1}         | m.yaml:2: wheels is a section with the keys [a], must be an integer in 1..12
          seed: 9223372036854775808 | m.yaml:2: seed is 9223372036854775808, must be an integer
          share: 0               | m.yaml:2: share is 0, must be a number above 0, at most 1
          share: 1.5             | m.yaml:2: share is 1.5, must be a number above 0, at most 1
          share: .nan            | m.yaml:2: share is .nan, must be a number above 0, at most 1
          share: half            | m.yaml:2: share is the text "half", must be a number above 0, at most 1
          turns: yes             | m.yaml:2: turns is the text "yes", must be true or false
          miller: 7              | m.yaml:2: miller is 7, must be text; put it in quotes
          miller: ""             | m.yaml:2: miller is the text "", must be text
          power: steam           | m.yaml:2: power is the text "steam", must be one of fast_water, wind
          power: wnid            | m.yaml:2: power is the text "wnid", must be one of fast_water, wind; did you mean wind?
          mark: -1               | m.yaml:2: mark is -1, must be none, auto, the text of a token, or its id
          mark: 2147483648       | m.yaml:2: mark is 2147483648, must be none, auto, the text of a token, or its id
          grains: oat            | m.yaml:2: grains is the text "oat", must be a list of text
          grains: []             | m.yaml:2: grains is an empty list, must be a list of text, at least one
          grains: [oat, oat]     | m.yaml:2: grains holds oat twice; name each once
          grains: [oat, 3]       | m.yaml:2: grains is 3, must be a list of text; put it in quotes
          powers: [wind, wind]   | m.yaml:2: powers holds wind twice; name each once
          names: 3               | m.yaml:2: names is 3, must be a list of text, or null; put it in quotes
          stone: null            | m.yaml:2: stone is null, must be a section; leave it out for its defaults
          stone: {stone_size: 13} | m.yaml:2: stone: stone_size must not be 13
          stone: {stone_size: -1} | m.yaml:2: stone.stone_size is -1, must be an integer from 0
          sieve:                 | m.yaml:2: sieve is nothing, must be a section; {} turns it on with its defaults, null turns it off
          sieve: true            | m.yaml:2: sieve is true, must be a section; {} turns it on with its defaults, null turns it off
          sieve: {}              | m.yaml:2: sieve.meshes is missing; it must be an integer from 1
          wheels: *a             | m.yaml:2: an alias (*name) is not allowed; write the value
          wheels: !!int "3"      | m.yaml:2: a tag (!name) is not allowed
          """)
  void saysPlaceKeyFoundAndAllowed(String yaml, String problem) {
    assertThat(problems(yaml), equalTo(List.of(problem)));
  }

  @Test
  void namesTheNearestKey() {
    assertThat(
        problems("weels: 3"),
        equalTo(
            List.of(
                "m.yaml:2: weels is not a key of a recipe; did you mean wheels?; its keys are"
                    + " pipeline, description, defaults, seed, wheels, share, turns, miller, power,"
                    + " mark, grains, powers, names, stone, sieve")));
    assertThat(
        problems("stone:\n  stone_sise: 3"),
        equalTo(
            List.of(
                "m.yaml:3: stone_sise is not a key of the section stone; did you mean stone_size?;"
                    + " its keys are stone_size")));
  }

  @Test
  void namesTheSectionOfAMisplacedKey() {
    assertThat(problems("meshes: 3").get(0), containsString("did you mean sieve.meshes?"));
  }

  @Test
  void saysNoNearestKeyWhereNoneIsNear() {
    assertThat(problems("bananas: 3").get(0), not(containsString("did you mean")));
  }

  @Test
  void reportsAllProblemsAtOnce() {
    List<String> found = problems("wheels: 0\nstone:\n  stone_size: x\n  bits: 1\nnoise: 1\n");
    assertThat(found, hasSize(4));
  }

  @Test
  void refusesAKeyGivenTwiceAndNamesBothLines() {
    assertThat(
        problems("wheels: 3\nturns: true\nwheels: 4\n"),
        equalTo(List.of("m.yaml:4: the key wheels is given twice; it stands at m.yaml:2 too")));
  }

  @Test
  void refusesBrokenYamlWithItsLine() {
    List<String> found = problems("wheels: [1, 2\nturns: true\n");
    assertThat(found, hasSize(1));
    assertThat(found.get(0), containsString("m.yaml:3: not valid YAML: "));
  }

  @Test
  void refusesASecondDocument() {
    assertThat(problems("wheels: 3\n---\nwheels: 4\n").get(0), containsString("a second document"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                | m.yaml:1: the recipe is nothing; it must begin with pipeline: NAME
          '[a]'             | m.yaml:1: the recipe is a list of 1; it must begin with pipeline: NAME
          'seed: 1'         | m.yaml:1: pipeline is missing; pipelines are mill
          'pipeline: mil'   | m.yaml:1: there is no pipeline mil; did you mean mill?; pipelines are mill
          'pipeline: 3'     | m.yaml:1: pipeline is 3; pipelines are mill
          """)
  void refusesATextThatIsNoRecipe(String yaml, String problem) {
    RecipeException e =
        assertThrows(RecipeException.class, () -> READER.read("m", "m.yaml", yaml, List.of()));
    assertThat(e.problems(), equalTo(List.of(problem)));
  }

  @Test
  void overridesInTheirOrder() {
    Mill mill = read("wheels: 3", "wheels=4", "wheels=5", "stone.stone_size=7", "grains=a, b");
    assertThat(mill.wheels(), is(5));
    assertThat(mill.stone(), is(new Stone(7)));
    assertThat(mill.grains(), is(List.of("a", "b")));
  }

  @Test
  void overridesAListInBracketsOrWithASingleItem() {
    assertThat(read("", "grains=[a, b]").grains(), is(List.of("a", "b")));
    assertThat(read("", "powers=fast_water").powers(), is(List.of(Power.FAST_WATER)));
    assertThat(read("", "names=[]").names(), is(Optional.of(List.of())));
  }

  @Test
  void anOverrideTurnsASectionOnAndOff() {
    assertThat(read("", "sieve.meshes=2").sieve(), is(Optional.of(new Sieve(2, 1))));
    assertThat(read("sieve: null", "sieve.meshes=2").sieve(), is(Optional.of(new Sieve(2, 1))));
    assertThat(read("sieve: {meshes: 2}", "sieve=null").sieve(), is(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wheels=0          | --set=wheels=0: wheels is 0, must be an integer in 1..12
          stone.bits=1      | --set=stone.bits=1: bits is not a key of the section stone; its keys are stone_size
          wheels            | --set=wheels: must be section.key=value, as in pack.buckets=4
          =3                | --set==3: must be section.key=value, as in pack.buckets=4
          pipeline=x        | --set=pipeline=x: the pipeline of a recipe cannot be changed
          seed.x=1          | --set=seed.x=1: seed is 1, no section
          sieve.layers=2    | --set=sieve.layers=2: sieve.meshes is missing; it must be an integer from 1
          grains=a,,b       | --set=grains=a,,b: grains is nothing, must be a list of text
          """)
  void saysWhichOverrideIsWrong(String override, String problem) {
    assertThat(problems("seed: 1", override), equalTo(List.of(problem)));
  }

  @Test
  void readsDescriptionAndDefaults() {
    Recipe<?> recipe =
        READER.read(
            "m",
            "m.yaml",
            "pipeline: mill\ndescription: Grinds\ndefaults:\n  input: in\n",
            List.of("defaults.output=out"));
    assertThat(recipe.description(), is("Grinds"));
    assertThat(
        recipe.defaults(),
        is(new RecipeDefaults(Optional.of("in"), Optional.empty(), Optional.of("out"))));
  }
}
