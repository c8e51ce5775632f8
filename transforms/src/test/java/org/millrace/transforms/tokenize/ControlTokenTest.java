package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTokenTest {

  private static final ControlToken START = new ControlToken("<s>", 256);
  private static final ControlToken END = new ControlToken("</s>", 257);
  private static final ControlToken STOP = new ControlToken("<stop>", 258);

  @TempDir Path folder;

  private Optional<ControlToken> bos(String value, TinyTokenizer tiny) throws Exception {
    TokenizerSpec spec = tiny.spec(folder, false);
    try (Tokenizer tokenizer = spec.open()) {
      return ControlToken.bos(value, spec, tokenizer);
    }
  }

  private Optional<ControlToken> eos(String value, TinyTokenizer tiny) throws Exception {
    TokenizerSpec spec = tiny.spec(folder, false);
    try (Tokenizer tokenizer = spec.open()) {
      return ControlToken.eos(value, spec, tokenizer);
    }
  }

  private static TinyTokenizer tiny() {
    return new TinyTokenizer().with("<s>", true).with("</s>", true).with("<stop>", true);
  }

  @Test
  void resolvesATextAnIdAndNone() throws Exception {
    assertThat(eos("none", tiny()), is(Optional.empty()));
    assertThat(eos("<stop>", tiny()), is(Optional.of(STOP)));
    assertThat(eos("258", tiny()), is(Optional.of(STOP)));
    assertThat(bos("none", tiny()), is(Optional.empty()));
    assertThat(bos("<stop>", tiny()), is(Optional.of(STOP)));
    assertThat(bos("258", tiny()), is(Optional.of(STOP)));
  }

  @Test
  void findsWellKnownNames() throws Exception {
    assertThat(bos("auto", tiny()), is(Optional.of(START)));
    assertThat(eos("auto", tiny()), is(Optional.of(END)));
    assertThat(
        eos("auto", tiny().with("<|endoftext|>", true)),
        is(Optional.of(new ControlToken("<|endoftext|>", 259))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"bos_token\": \"<stop>\", \"eos_token\": \"<stop>\"}",
        "{\"bos_token\": {\"content\": \"<stop>\"}, \"eos_token\": {\"content\": \"<stop>\"}}"
      })
  void prefersWhatTheConfigurationSays(String config) throws Exception {
    Files.writeString(folder.resolve("tokenizer_config.json"), config);

    assertThat(bos("auto", tiny()), is(Optional.of(STOP)));
    assertThat(eos("auto", tiny()), is(Optional.of(STOP)));
    assertThat(eos("</s>", tiny()), is(Optional.of(END)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"bos_token\": null, \"eos_token\": null}"})
  void findsWellKnownNamesWhereTheConfigurationSaysNothing(String config) throws Exception {
    Files.writeString(folder.resolve("tokenizer_config.json"), config);

    assertThat(bos("auto", tiny()), is(Optional.of(START)));
    assertThat(eos("auto", tiny()), is(Optional.of(END)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "auto # has none of <|endoftext|> </s>",
        "<end> # missing end-of-text: tokenize.add_eos asks for \"<end>\", but the tokenizer",
        "256 # missing end-of-text: tokenize.add_eos asks for the id 256, but the tokenizer",
        "-1 # asks for the id -1",
        "99999999999999999999 # has 0..255"
      })
  void refusesATokenThatIsNotThere(String value, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> eos(value, new TinyTokenizer()));

    assertThat(e.getMessage(), containsString(message));
    assertThat(
        e.getMessage(),
        containsString("; set tokenize.add_eos to a token's text or id, or to none"));
  }

  @Test
  void refusesABeginThatIsNotThere() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> bos("auto", new TinyTokenizer()));

    assertThat(e.getMessage(), containsString("missing begin-of-text: "));
    assertThat(e.getMessage(), containsString("set tokenize.add_bos to"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{\"eos_token\": \"<gone>\"} # tokenizer_config.json says \"<gone>\", but the tokenizer",
        "{\"eos_token\": # the tokenizer_config.json beside"
      })
  void refusesAConfigurationThatIsWrong(String config, String message) throws Exception {
    Files.writeString(folder.resolve("tokenizer_config.json"), config);

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> eos("auto", tiny()));

    assertThat(e.getMessage(), containsString(message));
  }

  @ParameterizedTest
  @CsvSource({
    "crystalcoder, <s>, 1, </s>, 2",
    "llama-phi3-mini, <s>, 1, <|endoftext|>, 32000",
    "stories260K, <s>, 1, </s>, 2"
  })
  void findsBothEndsOfRealTokenizers(String name, String bos, int bosId, String eos, int eosId)
      throws Exception {
    Path file = SharedData.file("tokenizers/" + name + "/tokenizer.json");
    TokenizerSpec spec = TokenizerSpec.of(file.toString(), false);

    try (Tokenizer tokenizer = spec.open()) {
      assertThat(
          ControlToken.bos("auto", spec, tokenizer), is(Optional.of(new ControlToken(bos, bosId))));
      assertThat(
          ControlToken.eos("auto", spec, tokenizer), is(Optional.of(new ControlToken(eos, eosId))));
    }
  }

  @ParameterizedTest
  @CsvSource({"gpt2, 50256", "gpt-neox-20b, 0"})
  void findsTheEndOfRealTokenizersWithoutABegin(String name, int eosId) throws Exception {
    Path file = SharedData.file("tokenizers/" + name + "/tokenizer.json");
    TokenizerSpec spec = TokenizerSpec.of(file.toString(), false);

    try (Tokenizer tokenizer = spec.open()) {
      assertThat(
          ControlToken.eos("auto", spec, tokenizer),
          is(Optional.of(new ControlToken("<|endoftext|>", eosId))));
      assertThrows(IllegalArgumentException.class, () -> ControlToken.bos("auto", spec, tokenizer));
    }
  }
}
