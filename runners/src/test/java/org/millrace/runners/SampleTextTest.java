package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerEngine;

class SampleTextTest {

  private static final int END = 0;

  /** Each id is a character; the end-of-text is a dollar sign. */
  private static final class Letters implements Tokenizer {
    @Override
    public TokenizerEngine engine() {
      return TokenizerEngine.JAVA;
    }

    @Override
    public TokenIds encode(String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String decode(TokenIds ids) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < ids.length(); i++) {
        text.appendCodePoint(ids.get(i) == END ? '$' : ids.get(i));
      }
      return text.toString();
    }

    @Override
    public int vocabularySize() {
      return 128;
    }

    @Override
    public OptionalInt idOf(String token) {
      return OptionalInt.empty();
    }

    @Override
    public Optional<String> tokenOf(int id) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static final SampleText TEXT = new SampleText(new Letters(), OptionalInt.of(END));

  @Test
  void showsDocumentsWithTheirIds() {
    assertThat(
        TEXT.lines(TokenIds.of('a', 'b', END, 'c', '\n', 'd'), 100),
        is(
            List.of(
                "--- document 1: tokens 0..2, ends here",
                "    ids 97 98 0",
                "    ab$",
                "--- document 2: tokens 3..5, goes on in another sample",
                "    ids 99 10 100",
                "    c",
                "    d")));
  }

  @Test
  void countsPaddingRatherThanShowIt() {
    assertThat(
        TEXT.lines(TokenIds.of('a', END, END, END, END), 100),
        is(
            List.of(
                "--- document 1: tokens 0..1, ends here",
                "    ids 97 0",
                "    a$",
                "--- tokens 2..4: 3 more of $")));
  }

  @Test
  void showsASampleThatIsPaddingToItsBegin() {
    assertThat(
        TEXT.lines(TokenIds.of(END, END), 100),
        is(
            List.of(
                "--- document 1: tokens 0..0, ends here",
                "    ids 0",
                "    $",
                "--- tokens 1..1: 1 more of $")));
  }

  @Test
  void showsASampleWithoutEndOfTextAsOnePiece() {
    SampleText text = new SampleText(new Letters(), OptionalInt.empty());

    assertThat(text.lines(TokenIds.of('a', 'b'), 100).get(0), is("--- document 1: tokens 0..1"));
  }

  @Test
  void showsTextThatSteersTerminalsAsEscapes() {
    assertThat(
        TEXT.lines(TokenIds.of('a', 0x1b, '[', 0x202e), 100), hasItem("    a\\u001b[\\u202e"));
  }

  @Test
  void cutsLongDocumentsInTheMiddle() {
    int[] ids = new int[1000];
    java.util.Arrays.fill(ids, 'x');

    List<String> lines = TEXT.lines(TokenIds.of(ids), 10);

    assertThat(lines, hasItem("    [... 990 characters ...]"));
    assertThat(lines.get(1), containsString("120 ... 120"));
  }

  private static final SampleText UNFIM =
      new SampleText(
          new Letters(), OptionalInt.of(END), Optional.of(StoredSentinels.of(1, 2, 3)), true);

  @Test
  void showsPermutedTextsAsTheyWere() {
    TokenIds sample =
        TokenIds.of('^', 1, 'a', 3, 'd', 2, 'b', 'c', END, 'x', END, 1, 3, 'z', 2, 'y', END);

    assertThat(
        UNFIM.lines(sample, 100),
        is(
            List.of(
                "--- document 1: tokens 0..8, ends here",
                "    permuted (PSM: prefix of 1 tokens, suffix of 1, middle of 2), shown as it was",
                "    ids 94 97 98 99 100 0",
                "    ^abcd$",
                "--- document 2: tokens 9..10, ends here",
                "    ids 120 0",
                "    x$",
                "--- document 3: tokens 11..16, ends here",
                "    permuted (SPM: prefix of 0 tokens, suffix of 1, middle of 1), shown as it was",
                "    ids 121 122 0",
                "    yz$")));
  }

  @Test
  void saysThatAPatternIsCutAndShowsItAsItIs() {
    List<String> lines = UNFIM.lines(TokenIds.of('x', END, 1, 'a', 3, 'd'), 100);

    assertThat(
        lines.subList(3, 7),
        is(
            List.of(
                "--- document 2: tokens 2..5, goes on in another sample",
                "    permuted, and cut off by an end of the sample: it cannot be put back, and is"
                    + " shown as it is",
                "    ids 1 97 3 100",
                "    <fim_prefix>a<fim_suffix>d")));
    assertThat(
        UNFIM.lines(TokenIds.of(1, 3, 'z', 2, 'y'), 100).get(1),
        containsString("the sample's end may have cut its middle"));
  }

  @Test
  void showsSentinelsOnlyWhereTheyAreKnown() {
    SampleText text =
        new SampleText(
            new Letters(), OptionalInt.of(END), Optional.of(StoredSentinels.of(1, 2, 3)), false);

    assertThat(
        text.lines(TokenIds.of(1, 'a', 3, 2, 'b', END), 100),
        hasItem("    <fim_prefix>a<fim_suffix><fim_middle>b$"));
  }
}
