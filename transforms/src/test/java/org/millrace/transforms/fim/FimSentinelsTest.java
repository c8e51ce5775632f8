package org.millrace.transforms.fim;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.fim.FimSentinels.Sentinel;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerEngine;

class FimSentinelsTest {

  private static final List<String> AUTO = List.of("auto", "auto", "auto", "auto");

  /** Has these tokens and no others. */
  private record Tokens(List<String> tokens) implements Tokenizer {
    @Override
    public TokenizerEngine engine() {
      return TokenizerEngine.JAVA;
    }

    @Override
    public TokenIds encode(String text) {
      return TokenIds.of();
    }

    @Override
    public String decode(TokenIds ids) {
      return "";
    }

    @Override
    public int vocabularySize() {
      return tokens.size();
    }

    @Override
    public OptionalInt idOf(String token) {
      int id = tokens.indexOf(token);
      return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public Optional<String> tokenOf(int id) {
      return id < tokens.size() ? Optional.of(tokens.get(id)) : Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static final Tokenizer WITHOUT = new Tokens(List.of("<unk>", "<s>", "</s>", "a"));

  private static Sentinel sentinel(String role, String text, int id, boolean added) {
    return new Sentinel(role, text, id, added);
  }

  @Test
  void addsWhatTheTokenizerLacksBehindItsVocabulary() {
    FimSentinels sentinels = FimSentinels.of(AUTO, WITHOUT);

    assertThat(
        sentinels.sentinels(),
        equalTo(
            List.of(
                sentinel("prefix", "<fim_prefix>", 4, true),
                sentinel("middle", "<fim_middle>", 5, true),
                sentinel("suffix", "<fim_suffix>", 6, true),
                sentinel("pad", "<fim_pad>", 7, true))));
    assertThat(sentinels.vocabularySize(), equalTo(8));
    assertThat(sentinels.tokens(), equalTo(new FimTokens(4, 5, 6, 7)));
    assertThat(sentinels.toString(), containsString("prefix <fim_prefix> = 4 (added), middle"));
  }

  @Test
  void takesTheWellKnownOnesOfTheTokenizer() {
    Tokenizer qwen =
        new Tokens(List.of("a", "<|fim_suffix|>", "<|fim_prefix|>", "<|fim_middle|>", "b"));

    FimSentinels sentinels = FimSentinels.of(AUTO, qwen);

    assertThat(sentinels.tokens(), equalTo(new FimTokens(2, 3, 1, 5)));
    assertThat(sentinels.sentinels().get(3), equalTo(sentinel("pad", "<|fim_pad|>", 5, true)));
    assertThat(sentinels.vocabularySize(), equalTo(6));
  }

  @Test
  void takesTextsAndIdsAndKeepsNewOnesApart() {
    FimSentinels sentinels = FimSentinels.of(List.of("5", "a", "<mine>", "auto"), WITHOUT);

    assertThat(
        sentinels.sentinels(),
        equalTo(
            List.of(
                sentinel("prefix", "<fim_prefix>", 5, true),
                sentinel("middle", "a", 3, false),
                sentinel("suffix", "<mine>", 4, true),
                sentinel("pad", "<fim_pad>", 6, true))));
  }

  @Test
  void refusesSentinelsThatAreOne() {
    Exception same =
        assertThrows(
            IllegalArgumentException.class,
            () -> FimSentinels.of(List.of("a", "a", "auto", "auto"), WITHOUT));
    assertThat(same.getMessage(), containsString("must be three tokens, were prefix 3, middle 3"));
    assertThrows(
        IllegalArgumentException.class,
        () -> FimSentinels.of(List.of("auto", "auto", "auto", "a", "a"), WITHOUT));
    Exception id =
        assertThrows(
            IllegalArgumentException.class,
            () -> FimSentinels.of(List.of("99999999", "auto", "auto", "auto"), WITHOUT));
    assertThat(id.getMessage(), allOf(containsString("0..16777215"), containsString("99999999")));
  }
}
