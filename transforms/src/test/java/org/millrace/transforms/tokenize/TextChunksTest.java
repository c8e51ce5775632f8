package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.ledger.Tally;

class TextChunksTest {

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "6,aaaa bbbb cccc dddd,aaaa bbbb| cccc dddd",
        "9,aaaa bbbb cccc dddd,aaaa bbbb| cccc dddd",
        "4,aaaa bbbb cccc dddd,aaaa| bbbb| cccc| dddd",
        "100,aaaa bbbb,aaaa bbbb",
        "2,aaaabbbb,aaaabbbb",
        "1,a  b ,a| | b| ",
        "3,ab\tcdef gh,ab\tcdef| gh",
        // Code points, not UTF-16 units.
        "3,😀😀😀 x y,😀😀😀| x y",
      })
  void cutsBeforeTheFirstBlankBehindALength(int characters, String text, String expected) {
    List<String> chunks = new ArrayList<>();

    new TextChunks(characters)
        .encode(
            text,
            chunk -> {
              chunks.add(chunk);
              return TokenIds.of(chunks.size());
            });

    assertThat(String.join("|", chunks), equalTo(expected));
  }

  @Test
  void putsTheIdsOneAfterAnother() {
    TokenIds ids = new TextChunks(1).encode("a b c", chunk -> TokenIds.of(chunk.codePointAt(0), 7));

    assertThat(ids, equalTo(TokenIds.of('a', 7, ' ', 7, ' ', 7)));
  }

  /** A cut adds the token of the blank that this tokenizer puts before a text. */
  @Test
  void givesTheIdsOfTheOriginal() throws Exception {
    TokenizerSpec spec =
        TokenizerSpec.of(
            SharedData.file("tokenizers/crystalcoder/tokenizer.json").toString(), true);

    assertThat(
        tokens(spec, EncoderSettings.using(spec).withBos(1).withChunksOf(6)),
        equalTo(
            List.of("<s>", "▁a", "aa", "a", "▁b", "bb", "b", "▁", "▁c", "ccc", "▁d", "dd", "d")));
    assertThat(
        tokens(spec, EncoderSettings.using(spec).withBos(1)),
        equalTo(List.of("<s>", "▁a", "aa", "a", "▁b", "bb", "b", "▁c", "ccc", "▁d", "dd", "d")));
  }

  private static List<String> tokens(TokenizerSpec spec, EncoderSettings settings)
      throws Exception {
    Document document = new Document(new OrderKey(0, 0), "d", "s", "aaaa bbbb cccc dddd", "{}");
    try (Tokenizer tokenizer = spec.open();
        DocumentEncoder encoder = settings.open()) {
      TokenIds ids = encoder.encode(document, new Tally()).tokens().orElseThrow().tokens();
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < ids.length(); i++) {
        tokens.add(tokenizer.tokenOf(ids.get(i)).orElseThrow());
      }
      return tokens;
    }
  }
}
