package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.EngineCheck.Encoder;

class EngineCheckTest {

  private static final Encoder CODE_POINTS =
      text -> Optional.of(TokenIds.wrap(text.codePoints().toArray()));

  private static Encoder insteadOf(char from, char to) {
    return text -> CODE_POINTS.encode(text.replace(from, to));
  }

  @Test
  void findsNoDifferenceWhereThereIsNone() {
    assertThat(
        EngineCheck.difference(CODE_POINTS, CODE_POINTS, List.of("abc", "", "\u00e9")),
        is(Optional.empty()));
  }

  @Test
  void showsIdsAroundTheFirstDifferenceAndTheTextInAscii() {
    Optional<String> difference =
        EngineCheck.difference(
            CODE_POINTS, insteadOf('z', 'y'), List.of("same", "hello \"\n\u00e9z\ud83d\ude00"));

    assertThat(
        difference,
        is(
            Optional.of(
                "at token 9, ids from token 6 on: Java [34 10 233 122 128512] of 11,"
                    + " library [34 10 233 121 128512] of 11; text of 12 characters:"
                    + " \"hello \\\"\\u000a\\u00e9z\\ud83d\\ude00\"")));
  }

  @Test
  void showsWhereOneEndsBeforeTheOther() {
    Optional<String> difference =
        EngineCheck.difference(CODE_POINTS, text -> Optional.of(TokenIds.of(97)), List.of("ab"));

    assertThat(
        difference.orElseThrow(),
        containsString("at token 1, ids from token 0 on: Java [97 98] of 2, library [97] of 1"));
  }

  @Test
  void cutsALongTextAroundTheDifference() {
    String text = "a".repeat(1000) + "z" + "b".repeat(1000);

    String difference =
        EngineCheck.difference(CODE_POINTS, insteadOf('z', 'y'), List.of(text)).orElseThrow();

    assertThat(
        difference,
        containsString("text of 2001 characters: ...\"" + "a".repeat(80) + "z" + "b".repeat(79)));
    assertThat(difference.endsWith("\"..."), is(true));
  }

  @Test
  void aRefusalIsADifferenceFromIds() {
    Encoder refusing =
        text -> {
          throw new UntokenizableTextException("no");
        };

    assertThat(
        EngineCheck.difference(CODE_POINTS, refusing, List.of("a")).orElseThrow(),
        containsString("Java [97] of 1, library \"no\""));
    assertThat(EngineCheck.difference(refusing, refusing, List.of("a")), is(Optional.empty()));
  }

  @Test
  void passesOverWhatIsLeftToTheLibrary() {
    List<String> asked = new ArrayList<>();
    Encoder library =
        text -> {
          asked.add(text);
          return Optional.of(TokenIds.of(1));
        };

    assertThat(
        EngineCheck.difference(text -> Optional.empty(), library, List.of("a", "b")),
        is(Optional.empty()));
    assertThat(asked, is(List.of()));
  }

  @Test
  void passesWithEveryTokenizerOfThisProject(@TempDir Path folder) throws Exception {
    TokenizerSpec tiny =
        new TinyTokenizer("a b", "\u0120 t", "\u0120t h").with("<s>", true).spec(folder, false);

    EngineCheck.run(tiny, List.of("the \u00e9 ab", ""));
    EngineCheck.run(tiny.withSplitDigits(SplitDigits.ISOLATED), List.of("12"));
  }

  @Test
  void refusesWhatJavaDoesNotUnderstand(@TempDir Path folder) throws Exception {
    TokenizerSpec spec =
        TokenizerSpec.of(new TinySentencePiece("a").write(folder).toString(), false);

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> EngineCheck.run(spec, List.of("a")));

    assertThat(
        e.getMessage(),
        allOf(containsString("SentencePiece"), containsString("set it to auto or djl")));
  }
}
