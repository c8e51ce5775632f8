package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A byte-level BPE in the shape of a tokenizer.json: 256 bytes, a merge a line, and added tokens.
 * Ids: a byte's own, the merges from 256 on, then the added tokens.
 */
final class TinyTokenizer {

  static final int BYTES = 256;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode root = MAPPER.createObjectNode();

  TinyTokenizer(String... merges) {
    ObjectNode byteLevel = MAPPER.createObjectNode().put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
    root.put("version", "1.0");
    root.putObject("truncation")
        .put("direction", "Right")
        .put("max_length", 4)
        .put("strategy", "LongestFirst")
        .put("stride", 0);
    root.putObject("padding")
        .put("direction", "Right")
        .put("pad_id", 0)
        .put("pad_type_id", 0)
        .put("pad_token", "x")
        .putNull("pad_to_multiple_of")
        .putObject("strategy")
        .put("Fixed", 7);
    root.putArray("added_tokens");
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel);
    root.set("post_processor", byteLevel.deepCopy());
    root.set("decoder", byteLevel.deepCopy());
    ObjectNode model = root.putObject("model").put("type", "BPE").put("dropout", 0.5);
    ObjectNode vocab = model.putObject("vocab");
    for (String symbol : byteSymbols()) {
      vocab.put(symbol, vocab.size());
    }
    ArrayNode lines = model.putArray("merges");
    for (String merge : merges) {
      lines.add(merge);
      vocab.put(merge.replace(" ", ""), vocab.size());
    }
  }

  /** Adds a token with the next id. */
  TinyTokenizer with(String content, boolean special) {
    return with(content, special, root.at("/model/vocab").size() + root.get("added_tokens").size());
  }

  TinyTokenizer with(String content, boolean special, int id) {
    ((ArrayNode) root.get("added_tokens"))
        .addObject()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", special);
    return this;
  }

  /** The whole, for a test to change. */
  ObjectNode json() {
    return root;
  }

  byte[] bytes() throws IOException {
    return MAPPER.writeValueAsBytes(root);
  }

  /** Writes it to a tokenizer.json in {@code folder}. */
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve("tokenizer.json"), bytes());
  }

  TokenizerSpec spec(Path folder, boolean parseSpecialTokens) throws IOException {
    return TokenizerSpec.of(write(folder).toString(), parseSpecialTokens);
  }

  /** The letters that stand for the bytes 0 to 255: printable ones for themselves. */
  static List<String> byteSymbols() {
    List<String> symbols = new ArrayList<>();
    int next = 256;
    for (int b = 0; b < BYTES; b++) {
      boolean printable = (b > ' ' && b < 127) || (b > 160 && b != 173);
      symbols.add(Character.toString(printable ? b : next++));
    }
    return symbols;
  }
}
