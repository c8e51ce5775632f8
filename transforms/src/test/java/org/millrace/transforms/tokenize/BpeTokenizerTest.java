package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.UnsupportedTextException;

/** Ids against those of the library, for many texts. */
class BpeTokenizerTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int TEXTS = Integer.getInteger("millrace.texts", 20_000);

  private static BpeTokenizer open(String name, boolean parse) throws Exception {
    byte[] json = Files.readAllBytes(SharedData.file("tokenizers/" + name + "/tokenizer.json"));
    return JavaEncoder.of(name, json, parse, SplitDigits.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "gpt-neox-20b", "gpt2", "llama-phi3-mini", "stories260K"})
  void encodesAllTextsAndDocumentsOfTheReference(String name) throws Exception {
    JsonNode reference = ReferenceEncodingsTest.reference(name);
    BpeTokenizer tokenizer = open(name, true);
    List<String> different = new ArrayList<>();

    for (JsonNode text : reference.get("texts")) {
      TokenIds expected = TokenIds.of(MAPPER.convertValue(text.get("ids"), int[].class));
      if (!tokenizer.encode(text.get("text").asText()).equals(expected)) {
        different.add(text.get("text").asText());
      }
    }
    for (JsonNode document : reference.get("documents")) {
      TokenIds ids = tokenizer.encode(ReferenceEncodingsTest.text(document));
      if (!ReferenceEncodingsTest.sha256(ids).equals(document.get("sha256_int32le").asText())) {
        different.add(document.get("file") + " line " + document.get("line"));
      }
    }

    assertThat(different, is(empty()));
    assertThat(reference.get("texts").size(), is(50));
  }

  /** All characters that there are, between letters, digits, blanks and marks. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt-neox-20b", "crystalcoder"})
  void encodesEveryCharacterAsTheLibrary(String name) throws Exception {
    byte[] json = Files.readAllBytes(SharedData.file("tokenizers/" + name + "/tokenizer.json"));
    BpeTokenizer tokenizer = JavaEncoder.of(name, json, true, SplitDigits.ISOLATED);
    ObjectNode edited = (ObjectNode) MAPPER.readTree(json);
    ArrayNode sequence =
        edited.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    sequence.addObject().put("type", "Digits").put("individual_digits", true);
    if (MAPPER.readTree(json).get("pre_tokenizer").isObject()) {
      sequence.add(MAPPER.readTree(json).get("pre_tokenizer"));
    }
    TokenizerJson forLibrary = new TokenizerJson(name, MAPPER.writeValueAsBytes(edited));
    List<String> different = new ArrayList<>();
    int left = 0;

    try (Tokenizer library = new HuggingFaceTokenizer(forLibrary, true)) {
      for (int from = 0; from <= Character.MAX_CODE_POINT; from += 64) {
        String text = around(from, from + 64);
        try {
          if (!tokenizer.encode(text).equals(library.encode(text))) {
            different.add(Integer.toHexString(from));
          }
        } catch (UnsupportedTextException e) {
          left++;
        }
      }
    }

    assertThat(different, is(empty()));
    assertThat(left, is(lessThan(40)));
  }

  private static String around(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int c = from; c < to; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.append('x').appendCodePoint(c).append("1 ").appendCodePoint(c).append(" .");
        text.appendCodePoint(c).append('x');
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, true",
    "gpt2, false",
    "gpt-neox-20b, true",
    "gpt-neox-20b, false",
    "crystalcoder, true",
    "crystalcoder, false",
    "llama-phi3-mini, true",
    "llama-phi3-mini, false",
    "stories260K, true",
    "stories260K, false"
  })
  void encodesRandomTextsAsTheLibrary(String name, boolean parse) throws Exception {
    byte[] json = Files.readAllBytes(SharedData.file("tokenizers/" + name + "/tokenizer.json"));
    BpeTokenizer tokenizer = open(name, parse);
    HardTexts texts = new HardTexts(1, List.of("<|endoftext|>", "<s>", "</s>", "<unk>", "<|end|>"));
    List<String> different = new ArrayList<>();
    int left = 0;

    try (Tokenizer library = new HuggingFaceTokenizer(new TokenizerJson(name, json), parse)) {
      for (int i = 0; i < TEXTS; i++) {
        String text = texts.next();
        TokenIds got;
        try {
          got = tokenizer.encode(text);
        } catch (UnsupportedTextException e) {
          left++;
          continue;
        }
        TokenIds expected = library.encode(text);
        if (!got.equals(expected)) {
          different.add(i + " " + text + ": expected " + expected + ", got " + got);
        }
      }
    }

    assertThat(different.stream().limit(5).toList(), is(empty()));
    assertThat(left, is(lessThan(TEXTS / 20)));
  }
}
