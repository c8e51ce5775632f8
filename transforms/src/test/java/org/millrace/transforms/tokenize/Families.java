package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokenizers that a tokenizer.json of one kind stands for: its vocabulary with the rules of other
 * families, so that their rules are tested where no file of theirs is at hand.
 */
final class Families {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Llama 3, tokenizer.json; OpenAI's cl100k_base has the same with one digit more. */
  private static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+"
          + "[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String QWEN_2 = LLAMA_3.replace("{1,3}", "");

  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String HEAD = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String TAIL = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LEAD = "[^\\r\\n\\p{L}\\p{N}]?";

  /** GPT-4o, gpt-oss and Llama 4, tokenizer.json; with other ends of words and other numbers. */
  private static final String O200K =
      (LEAD + HEAD + "*" + TAIL + "+END|" + LEAD + HEAD + "+" + TAIL + "*END|\\p{N}{1,3}")
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String GPT_4O = O200K.replace("END", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?");
  private static final String SUPER_BPE = O200K.replace("END", "");

  /** Mistral Nemo, tokenizer.json. */
  private static final String TEKKEN = SUPER_BPE.replace("{1,3}", "");

  /** DeepSeek-V3, tokenizer.json, where the line ends are characters, not escapes. */
  private static final String DEEPSEEK =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?"
          + "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

  private static final String CHINESE_AND_JAPANESE = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+";

  /** Gemma, tokenizer.json. */
  private static final String BLANK_ENDS =
      "{\"type\":\"Split\",\"pattern\":{\"String\":\" \"},\"behavior\":\"MergedWithPrevious\","
          + "\"invert\":false}";

  private Families() {}

  /** The file itself, and its vocabulary in other families, by name. */
  static Map<String, byte[]> of(Path tokenizerJson) throws IOException {
    return of((ObjectNode) MAPPER.readTree(Files.readAllBytes(tokenizerJson)));
  }

  /** The same of a tokenizer that is in no file. */
  static Map<String, byte[]> of(ObjectNode root) throws IOException {
    Map<String, byte[]> families = new LinkedHashMap<>();
    families.put("own", MAPPER.writeValueAsBytes(root));
    if (root.at("/decoder/type").asText().equals("ByteLevel")) {
      byteLevel(root, families);
    } else {
      llama(root, families);
    }
    return families;
  }

  private static void byteLevel(ObjectNode own, Map<String, byte[]> families) throws IOException {
    put(families, own, "llama-3", "null", "[%s, %s]".formatted(split(LLAMA_3), level(false)), true);
    put(families, own, "qwen-2", nfc(), "[%s, %s]".formatted(split(QWEN_2), level(false)), false);
    put(
        families,
        own,
        "gpt-2-split",
        "null",
        "[%s, %s]".formatted(split(GPT_2), level(false)),
        false);
    put(families, own, "o200k", "null", "[%s, %s]".formatted(split(GPT_4O), level(false)), true);
    put(
        families,
        own,
        "super-bpe",
        "null",
        "[%s, %s]".formatted(split(SUPER_BPE), level(false)),
        false);
    put(families, own, "tekken", "null", "[%s, %s]".formatted(split(TEKKEN), level(false)), true);
    put(
        families,
        own,
        "deepseek-v3",
        "{\"type\":\"Sequence\",\"normalizers\":[]}",
        "[%s, %s, %s, %s]"
            .formatted(
                split("\\p{N}{1,3}"), split(CHINESE_AND_JAPANESE), split(DEEPSEEK), level(false)),
        false);
    put(families, own, "starcoder", "null", "[%s, %s]".formatted(digits(true), level(true)), false);
    put(
        families,
        own,
        "falcon",
        "null",
        "[%s, %s, %s, %s]"
            .formatted(
                punctuation("Contiguous"), level(true), digits(false), split("[0-9][0-9][0-9]")),
        false);
    put(
        families,
        own,
        "falcon-3",
        "null",
        "[%s, %s, %s]".formatted(punctuation("Contiguous"), level(true), digits(true)),
        false);
    put(
        families,
        own,
        "punctuation-isolated",
        "null",
        "[%s, %s]".formatted(punctuation("Isolated"), level(false)),
        false);
    put(
        families,
        own,
        "nfkc-lowercase",
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKC\"},{\"type\":\"Lowercase\"}]}",
        "[%s]".formatted(level(true)),
        false);
    ObjectNode flagged = own.deepCopy();
    addFlagged(flagged);
    put(families, flagged, "flagged", "null", "[%s]".formatted(level(true)), false);
    put(families, flagged, "flagged-nfc", nfc(), "[%s]".formatted(level(true)), false);
  }

  private static void llama(ObjectNode own, Map<String, byte[]> families) throws IOException {
    put(
        families,
        own,
        "metaspace-first",
        "null",
        "[%s]".formatted(metaspace("first", false)),
        false);
    put(
        families,
        own,
        "metaspace-always",
        "null",
        "[%s]".formatted(metaspace("always", true)),
        false);
    put(families, own, "metaspace-never", "null", "[%s]".formatted(metaspace("never", true)), true);
    put(
        families,
        own,
        "digits-metaspace",
        "null",
        "[%s, %s]".formatted(digits(true), metaspace("first", false)),
        false);
    put(
        families,
        own,
        "gemma",
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}",
        "[%s]".formatted(BLANK_ENDS),
        false);
    put(families, own, "blank-ends", "null", "[%s]".formatted(BLANK_ENDS), false);
    ObjectNode other = own.deepCopy();
    ObjectNode model = (ObjectNode) other.get("model");
    model.put("byte_fallback", false).put("fuse_unk", !model.path("fuse_unk").asBoolean());
    families.put("no-byte-fallback", MAPPER.writeValueAsBytes(other));
    ObjectNode flagged = own.deepCopy();
    addFlagged(flagged);
    families.put("flagged", MAPPER.writeValueAsBytes(flagged));
  }

  private static void put(
      Map<String, byte[]> families,
      ObjectNode own,
      String name,
      String normalizer,
      String preTokenizers,
      boolean ignoreMerges)
      throws IOException {
    ObjectNode root = own.deepCopy();
    root.set("normalizer", MAPPER.readTree(normalizer));
    ObjectNode sequence = root.putObject("pre_tokenizer").put("type", "Sequence");
    sequence.set("pretokenizers", MAPPER.readTree(preTokenizers));
    ((ObjectNode) root.get("model")).put("ignore_merges", ignoreMerges);
    families.put(name, MAPPER.writeValueAsBytes(root));
  }

  /** A token for each flag that decides where one is met, and what it takes with it. */
  private static void addFlagged(ObjectNode root) {
    ArrayNode added = (ArrayNode) root.get("added_tokens");
    int next = root.at("/model/vocab").size();
    for (var token : added) {
      next = Math.max(next, token.get("id").asInt() + 1);
    }
    String[][] tokens = {
      {"single", "single_word"},
      {"<|left|>", "lstrip"},
      {"<|right|>", "rstrip"},
      {"normal \u00e9", "normalized"},
      {"<|plain|>", ""},
      {"\u00e9t", "single_word"},
      {"  x", "rstrip"}
    };
    for (String[] token : tokens) {
      JsonNode known = root.at("/model/vocab").get(token[0]);
      ObjectNode node =
          added
              .addObject()
              .put("id", known == null ? next++ : known.asInt())
              .put("content", token[0]);
      for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
        node.put(flag, flag.equals(token[1]));
      }
      node.put("special", token[0].startsWith("<|left"));
    }
  }

  private static String split(String pattern) throws IOException {
    return "{\"type\":\"Split\",\"pattern\":{\"Regex\":%s},\"behavior\":\"Isolated\",\"invert\":false}"
        .formatted(MAPPER.writeValueAsString(pattern));
  }

  private static String level(boolean regex) {
    return "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":%s}"
        .formatted(regex);
  }

  private static String digits(boolean individual) {
    return "{\"type\":\"Digits\",\"individual_digits\":%s}".formatted(individual);
  }

  private static String punctuation(String behavior) {
    return "{\"type\":\"Punctuation\",\"behavior\":\"%s\"}".formatted(behavior);
  }

  private static String metaspace(String scheme, boolean split) {
    return "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"%s\",\"split\":%s}"
        .formatted(scheme, split);
  }

  private static String nfc() {
    return "{\"type\":\"NFC\"}";
  }
}
