package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;

/** Ids against those of the library itself, which were made with control tokens parsed. */
class ReferenceEncodingsTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "gpt-neox-20b", "gpt2", "llama-phi3-mini", "stories260K"})
  void encodesAllTextsAsTheReference(String name) throws Exception {
    JsonNode texts = reference(name).get("texts");
    List<String> different = new ArrayList<>();

    try (Tokenizer tokenizer = SharedData.open(name, true)) {
      for (JsonNode text : texts) {
        TokenIds expected = TokenIds.of(MAPPER.convertValue(text.get("ids"), int[].class));
        TokenIds got = tokenizer.encode(text.get("text").asText());
        if (!got.equals(expected)) {
          different.add(text.get("text") + ": expected " + expected + ", got " + got);
        }
      }
    }

    assertThat(texts.size(), is(50));
    assertThat(different, is(empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "gpt-neox-20b", "gpt2", "llama-phi3-mini", "stories260K"})
  void encodesAllDocumentsAsTheReference(String name) throws Exception {
    JsonNode documents = reference(name).get("documents");
    List<String> different = new ArrayList<>();

    try (Tokenizer tokenizer = SharedData.open(name, true)) {
      for (JsonNode document : documents) {
        TokenIds ids = tokenizer.encode(text(document));
        if (ids.length() != document.get("count").asInt()
            || !sha256(ids).equals(document.get("sha256_int32le").asText())) {
          different.add(document.get("file") + " line " + document.get("line"));
        }
      }
    }

    assertThat(documents.size(), is(greaterThan(20)));
    assertThat(different, is(empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "gpt-neox-20b", "gpt2", "llama-phi3-mini", "stories260K"})
  void decodesAllTextsAsTheReference(String name) throws Exception {
    JsonNode texts = reference(name).get("texts");
    List<String> different = new ArrayList<>();

    try (Tokenizer tokenizer = SharedData.open(name, false)) {
      for (JsonNode text : texts) {
        TokenIds ids = TokenIds.of(MAPPER.convertValue(text.get("ids"), int[].class));
        String got = tokenizer.decode(ids);
        if (!got.equals(text.get("decoded").asText())) {
          different.add(text.get("decoded") + ", got " + got);
        }
      }
    }

    assertThat(different, is(empty()));
  }

  static JsonNode reference(String name) throws Exception {
    Path file = SharedData.file("tokenizers/" + name + "/reference_encodings.json");
    return MAPPER.readTree(file.toFile());
  }

  static String text(JsonNode document) throws Exception {
    Path file = SharedData.file(document.get("file").asText());
    String line = Files.readAllLines(file).get(document.get("line").asInt() - 1);
    String text = MAPPER.readTree(line).get("text").asText();
    // Only books were cut, at 100,000 UTF-16 units; of the others all code points were used.
    int used = document.get("chars_used").asInt();
    return text.codePointCount(0, text.length()) == used ? text : text.substring(0, used);
  }

  static String sha256(TokenIds ids) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length()).order(ByteOrder.LITTLE_ENDIAN);
    ids.putInts(bytes);
    return HexFormat.of().formatHex(StableHash.sha256().digest(bytes.array()));
  }
}
