package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.TokenIds;

class InnerTextTest {

  private static final List<String> TEXTS =
      List.of(
          "def f(a):\n    return [x for x in a]\n",
          " leading and  double  blanks ",
          "\t\ttabs\r\nand ünïcödé, 漢字, \uD83D\uDE00\uD83D\uDE80, e\u0301",
          "</s> and <s> are text here, and so is \u2581",
          "x");

  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "gpt2", "gpt-neox-20b", "llama-phi3-mini"})
  void partsOfATextStandForItWhereverItIsCut(String name) throws Exception {
    try (Tokenizer tokenizer = SharedData.open(name, false)) {
      InnerText inner = tokenizer.innerText();
      Random random = new Random(7);
      for (String text : TEXTS) {
        TokenIds whole = tokenizer.encode(text);
        String decoded = inner.decode(whole).orElseThrow();
        for (int i = 0; i < 50; i++) {
          int cut =
              decoded.offsetByCodePoints(
                  0, random.nextInt(decoded.codePointCount(0, decoded.length()) + 1));
          Optional<TokenIds> one = inner.encode(decoded.substring(0, cut));
          Optional<TokenIds> other = inner.encode(decoded.substring(cut));
          // A mark in the text itself comes back as a blank from where blanks are marks.
          if (text.contains("\u2581")) {
            continue;
          }
          assertThat(
              inner.decode(one.orElseThrow()).orElseThrow()
                  + inner.decode(other.orElseThrow()).orElseThrow(),
              equalTo(decoded));
        }
      }
    }
  }

  @Test
  void putsNoBlankBeforeATextAndTakesNoneOff() throws Exception {
    try (Tokenizer tokenizer = SharedData.open("crystalcoder", false)) {
      InnerText inner = tokenizer.innerText();

      assertThat(inner.decode(tokenizer.encode("bbb")), equalTo(Optional.of(" bbb")));
      assertThat(inner.decode(inner.encode("bbb").orElseThrow()), equalTo(Optional.of("bbb")));
      assertThat(inner.encode(" bbb"), equalTo(Optional.of(tokenizer.encode("bbb"))));
      assertThat(inner.encode(""), equalTo(Optional.of(TokenIds.of())));
    }
  }

  @Test
  void decodesNeitherControlTokensNorHalfCharacters() throws Exception {
    try (Tokenizer tokenizer = SharedData.open("crystalcoder", false)) {
      InnerText inner = tokenizer.innerText();
      TokenIds emoji = tokenizer.encode("\uD83E\uDEE0");

      assertThat(emoji.length(), greaterThan(2));
      assertThat(inner.decode(emoji.slice(2, emoji.length())).isPresent(), equalTo(false));
      assertThat(inner.decode(TokenIds.of(1, 350)), equalTo(Optional.empty()));
      assertThat(inner.decode(TokenIds.of(350, 40_000)), equalTo(Optional.empty()));
    }
  }

  /** A library's tokenizer is no black box only where Java understands it. */
  @Test
  void thereIsNoneWithoutTheJavaEncoder(@TempDir Path folder) throws Exception {
    Path file = new TinyTokenizer("a b").write(folder);
    try (Tokenizer java = TokenizerSpec.of(file.toString(), false).open();
        Tokenizer djl =
            TokenizerSpec.of(file.toString(), false).withEngine(TokenizerEngine.DJL).open()) {
      assertThat(java.innerText().encode("ab").isPresent(), equalTo(true));
      assertThrows(IllegalArgumentException.class, djl::innerText);
    }
  }
}
