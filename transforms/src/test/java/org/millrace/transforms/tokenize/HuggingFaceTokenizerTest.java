package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.TokenIds;

class HuggingFaceTokenizerTest {

  private static final int HE = 256;
  private static final int HELLO = 259;
  private static final int PAD = 260;
  private static final int BLANKS = 261;
  private static final int END = 262;

  private static TinyTokenizer tiny() {
    return new TinyTokenizer("H e", "l l", "ll o", "He llo")
        .with("<|pad|>", true)
        .with("    ", false)
        .with("<|endoftext|>", true);
  }

  private static Tokenizer open(TinyTokenizer tiny, boolean parseSpecialTokens) throws Exception {
    return new HuggingFaceTokenizer(new TokenizerJson("tiny", tiny.bytes()), parseSpecialTokens);
  }

  private static Tokenizer open(String json) {
    return new HuggingFaceTokenizer(new TokenizerJson("test", json.getBytes()), false);
  }

  @Test
  void encodesControlTokensAsTextUnlessTheyAreParsed() throws Exception {
    String text = "Hello    <|pad|>";

    try (Tokenizer asText = open(tiny(), false);
        Tokenizer parsed = open(tiny(), true)) {
      assertThat(
          asText.encode(text), is(TokenIds.of(HELLO, BLANKS, '<', '|', 'p', 'a', 'd', '|', '>')));
      assertThat(parsed.encode(text), is(TokenIds.of(HELLO, BLANKS, PAD)));
    }
  }

  @Test
  void encodesTextOfAnyLengthWithoutPadding() throws Exception {
    try (Tokenizer tokenizer = open(tiny(), false)) {
      assertThat(tokenizer.encode("He"), is(TokenIds.of(HE)));
      assertThat(tokenizer.encode("Hello ".repeat(1000)).length(), is(2000));
      assertThat(tokenizer.encode(""), is(TokenIds.of()));
    }
  }

  @Test
  void encodesTheSameEachTimeAlthoughTheModelHasDropout() throws Exception {
    // Another word each time, so that the library's cache of words does not answer.
    try (Tokenizer tokenizer = open(tiny(), true)) {
      for (int i = 0; i < 26; i++) {
        assertThat(tokenizer.encode("Hello" + (char) ('A' + i)).get(0), is(HELLO));
      }
    }
  }

  @Test
  void encodesEveryUnicodeText() throws Exception {
    try (Tokenizer tokenizer = open(tiny(), false)) {
      assertThat(tokenizer.encode("\0"), is(TokenIds.of(0)));
      assertThat(tokenizer.encode("😀"), is(TokenIds.of(0xF0, 0x9F, 0x98, 0x80)));
      assertThat(tokenizer.encode("\uFFFF"), is(TokenIds.of(0xEF, 0xBF, 0xBF)));
      assertThat(
          tokenizer.decode(tokenizer.encode("\0 e\u0301 😀 \u2028")), is("\0 e\u0301 😀 \u2028"));
    }
  }

  @Test
  void showsControlTokensWhenDecoding() throws Exception {
    try (Tokenizer tokenizer = open(tiny(), false)) {
      assertThat(tokenizer.decode(TokenIds.of(HELLO, END)), is("Hello<|endoftext|>"));
    }
  }

  @Test
  void looksUpTokensByTextAndById() throws Exception {
    try (Tokenizer tokenizer = open(tiny(), false)) {
      assertThat(tokenizer.vocabularySize(), is(263));
      assertThat(tokenizer.idOf("Hello"), is(OptionalInt.of(HELLO)));
      assertThat(tokenizer.idOf("<|endoftext|>"), is(OptionalInt.of(END)));
      assertThat(tokenizer.idOf("absent"), is(OptionalInt.empty()));
      assertThat(tokenizer.tokenOf(HE), is(Optional.of("He")));
      assertThat(tokenizer.tokenOf(END), is(Optional.of("<|endoftext|>")));
      assertThat(tokenizer.tokenOf(263), is(Optional.empty()));
    }
  }

  @Test
  void keepsTextFromMergingToAControlToken() throws Exception {
    TinyTokenizer tiny = new TinyTokenizer("< s", "<s >", "H e");
    tiny.with("<s>", true, 257);
    tiny.json().withObject("/pre_tokenizer").put("use_regex", false);

    try (Tokenizer asText = open(tiny, false);
        Tokenizer parsed = open(tiny, true)) {
      assertThat(asText.encode("<s>He"), is(TokenIds.of(256, '>', 258)));
      assertThat(parsed.encode("<s>He"), is(TokenIds.of(257, 258)));
    }
  }

  @Test
  void takesATokenWithTheNameOfAnEndForOneThoughItIsNotMarked() throws Exception {
    TinyTokenizer tiny = new TinyTokenizer("< /").with("</s>", false);

    try (Tokenizer tokenizer = open(tiny, false)) {
      assertThat(tokenizer.encode("</s>"), is(TokenIds.of(256, 's', '>')));
      assertThat(tokenizer.idOf("</s>"), is(OptionalInt.of(257)));
    }
  }

  @Test
  void refusesATextThatYetBecomesAControlToken() throws Exception {
    String textOnly = new TokenizerJson("tiny", tiny().bytes()).textOnly();
    String alias = new ObjectMapper().readTree(textOnly).at("/added_tokens/0/content").asText();

    try (Tokenizer tokenizer = open(tiny(), false)) {
      UntokenizableTextException e =
          assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("He" + alias));
      assertThat(
          e.getMessage(), allOf(containsString("<|pad|> (id 260)"), containsString("token 1")));
    }
  }

  @Test
  void keepsTextFromControlTokensOfAWordModelButNotFromTheUnknownToken() {
    String json =
        """
        {"added_tokens": [{"id": 0, "content": "[UNK]", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false},
          {"id": 1, "content": "[EOS]", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "WhitespaceSplit"},
         "model": {"type": "WordLevel", "unk_token": "[UNK]",
          "vocab": {"[UNK]": 0, "[EOS]": 1, "word": 2}}}
        """;

    try (Tokenizer tokenizer = open(json)) {
      assertThat(tokenizer.encode("word [EOS] [UNK] other"), is(TokenIds.of(2, 0, 0, 0)));
    }
  }

  @Test
  void keepsIdsOfAUnigramModelInTheirOrder() {
    String json =
        """
        {"added_tokens": [{"id": 1, "content": "<s>", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false},
          {"id": 6, "content": "<x>", "special": true, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false},
          {"id": 7, "content": "  ", "special": false, "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false}],
         "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
          "vocab": [["<unk>", 0.0], ["<s>", 0.0], ["a", -1.0], ["s", -2.0], ["<", -3.5], [">", -3.25]]}}
        """;

    try (Tokenizer tokenizer = open(json)) {
      assertThat(tokenizer.encode("a<s>  a"), is(TokenIds.of(2, 4, 3, 5, 7, 2)));
      assertThat(tokenizer.vocabularySize(), is(8));
    }
  }

  @Test
  void refusesATextThatAWordPieceModelHasNoWordFor() {
    String json =
        """
        {"added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
          "max_input_chars_per_word": 100, "vocab": {"wo": 0, "##rd": 1}}}
        """;

    try (Tokenizer tokenizer = open(json)) {
      assertThat(tokenizer.encode("word wo"), is(TokenIds.of(0, 1, 0)));
      assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("other"));
    }
  }

  @Test
  void refusesATextThatWouldTakeTooMuchMemory() throws Exception {
    String tooLong = "a".repeat(HuggingFaceTokenizer.MAX_LENGTH + 1);

    try (Tokenizer tokenizer = open(tiny(), false)) {
      UntokenizableTextException e =
          assertThrows(UntokenizableTextException.class, () -> tokenizer.encode(tooLong));
      assertThat(e.getMessage(), containsString("has 16777217 UTF-16 units, expected at most"));
    }
  }

  @Test
  void namesTheFileThatTheLibraryRefuses() throws Exception {
    TinyTokenizer tiny = tiny();
    tiny.json().putObject("normalizer").put("type", "NoSuchThing");

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> open(tiny, false));

    assertThat(e.getMessage(), containsString("tiny: the tokenizers library cannot load it"));
  }

  @ParameterizedTest
  @CsvSource({
    "crystalcoder, 32000, '1533 29879 29958', '529 29989 355 974 726 29989 29958'",
    "llama-phi3-mini, 32011, '1533 29879 29958', '529 29989 355 974 726 29989 29958'",
    "stories260K, 512, '410 504 492 419 505', '410 504 506 367 414 431 413 411 444 413 506 505'",
    "gpt-neox-20b, 50277, '870 84 31', '29 93 423 1171 1156 49651'",
    "gpt2, 50257, '3556 82 29', '27 91 437 1659 5239 91 29'"
  })
  void encodesControlTokensOfRealTokenizersAsText(
      String name, int vocabularySize, String slashS, String endOfText) throws Exception {
    try (Tokenizer tokenizer = SharedData.open(name, false)) {
      assertThat(tokenizer.vocabularySize(), is(vocabularySize));
      assertThat(tokenizer.encode("</s>"), is(ids(slashS)));
      assertThat(tokenizer.encode("<|endoftext|>"), is(ids(endOfText)));
    }
  }

  @Test
  void keepsRunsOfBlanksWhichAreNoControlTokens() throws Exception {
    try (Tokenizer tokenizer = SharedData.open("gpt-neox-20b", false)) {
      assertThat(
          tokenizer.encode("a  b   c    d\n        e"),
          is(ids("66 50276 67 50275 68 50274 69 187 50270 70")));
      assertThat(
          tokenizer.encode("  <|endoftext|>  x"),
          is(ids("50276 29 93 423 1171 1156 49651 50276 89")));
      assertThat(tokenizer.encode(" ".repeat(24)), is(ids("50254")));
    }
  }

  @ParameterizedTest
  @CsvSource({"crystalcoder", "llama-phi3-mini", "stories260K", "gpt-neox-20b", "gpt2"})
  void encodesTextWithoutControlTokensTheSameInBothWays(String name) throws Exception {
    String text = "for (int i = 0;  i < 10; i++) {\n\t  // naïve 日本語 😀 \0 <|x|>\r\n    }  ";

    try (Tokenizer asText = SharedData.open(name, false);
        Tokenizer parsed = SharedData.open(name, true)) {
      assertThat(asText.encode(text), is(parsed.encode(text)));
    }
  }

  private static TokenIds ids(String blankSeparated) {
    return TokenIds.of(
        Arrays.stream(blankSeparated.split(" ")).mapToInt(Integer::parseInt).toArray());
  }
}
