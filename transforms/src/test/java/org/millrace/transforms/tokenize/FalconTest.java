package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/** Falcon's pre-tokenizers with the small vocabulary, against the library. */
class FalconTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Beyond it Unicode has no signs and no digits, but for private ones. */
  private static final int CHARACTERS = 0x20000;

  private static byte[] family(String name) throws Exception {
    return Families.of(
            Path.of(
                System.getProperty("millrace.home"), "testdata/tokenizers/bytes-8k/tokenizer.json"))
        .get(name);
  }

  /** Those whose characters are signs, and those whose bytes pass for digits. */
  @ParameterizedTest
  @ValueSource(strings = {"falcon", "falcon-3", "punctuation-isolated"})
  void encodesEveryCharacterAsTheLibrary(String name) throws Exception {
    byte[] json = family(name);
    BpeTokenizer tokenizer = JavaEncoder.of(name, json, true, SplitDigits.NONE);
    List<String> different = new ArrayList<>();

    try (Tokenizer library = new HuggingFaceTokenizer(new TokenizerJson(name, json), true)) {
      for (int from = 0; from < CHARACTERS; from += 64) {
        String text = around(from, from + 64);
        if (!tokenizer.encode(text).equals(library.encode(text))) {
          different.add(Integer.toHexString(from));
        }
      }
    }

    assertThat(different, is(empty()));
  }

  private static String around(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int c = from; c < to; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.append("h").appendCodePoint(c).append("e1").appendCodePoint(c).append("2.");
        text.appendCodePoint(c).append(' ').appendCodePoint(c).appendCodePoint(c);
      }
    }
    return text.toString();
  }

  @Test
  void cutsNumbersAsTheLibrary() throws Exception {
    byte[] json = family("falcon");
    BpeTokenizer tokenizer = JavaEncoder.of("falcon", json, true, SplitDigits.NONE);

    try (Tokenizer library = new HuggingFaceTokenizer(new TokenizerJson("falcon", json), true)) {
      StringBuilder digits = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        digits.append((char) ('0' + i * 7 % 10));
        String text =
            "a " + digits + " b" + digits + "²³" + digits + "½ " + digits + "., " + digits;
        assertThat(text, tokenizer.encode(text), is(library.encode(text)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; {'type':'Punctuation','behavior':'Removed'}; pre_tokenizer Punctuation, Removed",
        "2; {'type':'Metaspace','replacement':'_'}; pre_tokenizer Metaspace after ByteLevel",
        "3; {'type':'ByteLevel'}; pre_tokenizer ByteLevel after ByteLevel"
      },
      quoteCharacter = '"')
  void namesWhatItDoesNotUnderstand(int index, String step, String part) throws Exception {
    ObjectNode root = (ObjectNode) MAPPER.readTree(family("falcon"));
    root.withArray("/pre_tokenizer/pretokenizers")
        .set(index, MAPPER.readTree(step.replace('\'', '"')));
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);

    Exception e =
        assertThrows(
            UnsupportedTokenizerException.class,
            () -> JavaEncoder.of("made", json, true, SplitDigits.NONE));

    assertThat(e.getMessage(), is(part));
  }
}
