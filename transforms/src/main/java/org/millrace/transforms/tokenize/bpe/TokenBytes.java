package org.millrace.transforms.tokenize.bpe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;
import org.millrace.transforms.data.TokenIds;

/**
 * The bytes of text that each token of a tokenizer.json stands for, so that ids can be turned back
 * into exactly the text that they came from: nothing is stripped, nothing replaced.
 */
public final class TokenBytes {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What stands for no text: a special token, or none at all. */
  private static final byte[] NONE = new byte[0];

  private final byte[][] bytes;

  private TokenBytes(byte[][] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a tokenizer.json that {@link BpeTokenizer} understands.
   *
   * @throws UnsupportedTokenizerException where its pieces are in another form than that allows
   */
  public static TokenBytes of(String json) throws UnsupportedTokenizerException {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    SplitReader split = new SplitReader();
    split.read(root.path("pre_tokenizer"));
    boolean fallback = root.path("model").path("byte_fallback").asBoolean();
    Map<Integer, byte[]> known = new HashMap<>();
    for (Map.Entry<String, JsonNode> token : root.path("model").path("vocab").properties()) {
      known.put(
          token.getValue().asInt(),
          split.isOfBytes()
              ? ByteSymbols.bytes(token.getKey())
              : characters(token.getKey(), fallback));
    }
    for (JsonNode token : root.path("added_tokens")) {
      known.put(
          token.path("id").asInt(),
          token.path("special").asBoolean()
              ? NONE
              : token.path("content").asText().getBytes(StandardCharsets.UTF_8));
    }
    int size = known.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    byte[][] bytes = new byte[size][];
    for (int id = 0; id < size; id++) {
      bytes[id] = known.getOrDefault(id, NONE);
    }
    return new TokenBytes(bytes);
  }

  private static byte[] characters(String token, boolean fallback) {
    if (fallback && token.matches("<0x[0-9A-F]{2}>")) {
      return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
    }
    return CharacterSymbols.bytes(token.replace(BlankForm.MARK, BlankForm.BLANK));
  }

  /** The text of ids; nothing where one stands for no text, or all together are no valid UTF-8. */
  public Optional<String> text(TokenIds ids) {
    int length = 0;
    for (int i = 0; i < ids.length(); i++) {
      int id = ids.get(i);
      if (id >= bytes.length || bytes[id].length == 0) {
        return Optional.empty();
      }
      length += bytes[id].length;
    }
    byte[] text = new byte[length];
    int at = 0;
    for (int i = 0; i < ids.length(); i++) {
      byte[] token = bytes[ids.get(i)];
      System.arraycopy(token, 0, text, at, token.length);
      at += token.length;
    }
    return Utf8.isWellFormed(text)
        ? Optional.of(new String(text, StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
