package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.TokenIds;

class PassageTextTest {

  /** Characters of 1 to 4 bytes, many that no vocabulary has; and a real U+FFFD. */
  private static final String TEXT =
      "na\u00efve \u65e5\u672c\u8a9e \ud83e\udd84\ud83e\udd84\u2603 x\u07ff\u0800\ufffd\ud800\udf48y \ufffd"
          + "\ud808\udc00\ud808\udc01\ud808\udc02";

  /** Every cut of a text, at both ends, shows a part of the text, and no damage. */
  private static void everyCutShowsWholeCharacters(Tokenizer tokenizer) {
    PassageText passages = new PassageText(tokenizer, Set.of());
    TokenIds ids = tokenizer.encode(TEXT);
    String whole = tokenizer.decode(ids);
    assertThat(passages.of(ids), equalTo(whole));
    assertThat(ids.length(), greaterThan(30));
    for (int from = 0; from < ids.length(); from++) {
      for (int to = from; to <= ids.length(); to++) {
        String text = passages.of(ids.slice(from, to));
        assertThat(from + ".." + to + " shows " + text, whole.contains(text), is(true));
      }
    }
    // Two parts, of which none has the character that the cut goes through, lose that one alone.
    for (int cut = 1; cut < ids.length(); cut++) {
      String first = passages.of(ids.slice(0, cut));
      String rest = passages.of(ids.slice(cut, ids.length()));
      long lost =
          whole.strip().codePoints().filter(c -> c != ' ').count()
              - (first + rest).codePoints().filter(c -> c != ' ').count();
      assertThat("cut at " + cut, lost == 0 || lost == 1, is(true));
    }
  }

  @Test
  void cutsOfByteLevelTokens() throws Exception {
    Path file =
        Path.of(System.getProperty("millrace.home", ".."))
            .resolve("testdata/tokenizers/bytes-8k/tokenizer.json");
    try (Tokenizer tokenizer = TokenizerSpec.of(file.toString(), false).open()) {
      everyCutShowsWholeCharacters(tokenizer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-phi3-mini", "crystalcoder", "gpt2", "gpt-neox-20b", "stories260K"})
  void cutsOfRealTokens(String name) throws Exception {
    try (Tokenizer tokenizer = SharedData.open(name, false)) {
      everyCutShowsWholeCharacters(tokenizer);
    }
  }

  @Test
  void leavesOutWhatIsHidden() throws Exception {
    try (Tokenizer tokenizer = SharedData.open("llama-phi3-mini", false)) {
      int bos = tokenizer.idOf("<s>").getAsInt();
      int word = tokenizer.encode("word").get(0);
      PassageText passages = new PassageText(tokenizer, Set.of(bos));

      assertThat(passages.of(TokenIds.of(bos, word, bos)), equalTo("word"));
      assertThat(passages.of(TokenIds.of(bos)), equalTo(""));
      assertThat(passages.of(TokenIds.of()), equalTo(""));
    }
  }
}
