package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.TokenIds;

class VocabularyTest {

  private static Vocabulary read(String json) {
    return new TokenizerJson("x.json", json.getBytes(StandardCharsets.UTF_8)).vocabulary();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{\"model\":{\"vocab\":{\"a\":-1}}} # id must be a whole number in 0..16777215, was -1",
        "{\"model\":{\"vocab\":{\"a\":2147483648}}} # in 0..16777215, was 2147483648",
        "{\"model\":{\"vocab\":{\"a\":\"7\"}}} # in 0..16777215, was \"7\"",
        "{\"model\":{\"vocab\":[\"a\"]}} # entry 0 of model.vocab must be [piece, score]",
        "{\"model\":{\"vocab\":{}}} # it has no model.vocab",
        "{\"vocab\":{\"a\":1}} # it has no model.vocab",
        "[1] # it has no model.vocab",
        "{\"model\": # it is no JSON"
      })
  void refusesWhatIsNoVocabulary(String json, String message) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> read(json));

    assertThat(e.getMessage(), allOf(containsString("x.json"), containsString(message)));
  }

  @Test
  void refusesAnAddedTokenWhoseIdTheLibraryWouldNotKeep() {
    TinyTokenizer tiny = new TinyTokenizer().with("<a>", true, 300);

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new TokenizerJson("x.json", tiny.bytes()));

    assertThat(
        e.getMessage(),
        containsString("<a> has the id 300, but the tokenizers library gives it 256"));
  }

  @Test
  void countsIdsOfAddedTokensAsTheLibraryDoes() throws Exception {
    // Before a later token counts on, the largest so far is in the vocabulary.
    TinyTokenizer tiny = new TinyTokenizer();
    tiny.json().withObject("/model/vocab").put("<hole>", 400);
    tiny.with("<a>", false, 257).with("<hole>", false, 400).with("<b>", false, 401);

    TokenizerJson json = new TokenizerJson("x.json", tiny.bytes());

    try (Tokenizer tokenizer = new HuggingFaceTokenizer(json, false)) {
      assertThat(tokenizer.encode("<a><hole><b>"), is(TokenIds.of(257, 400, 401)));
      assertThat(tokenizer.vocabularySize(), is(402));
    }
  }
}
