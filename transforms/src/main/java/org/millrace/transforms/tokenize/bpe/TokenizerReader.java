package org.millrace.transforms.tokenize.bpe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a tokenizer.json. */
final class TokenizerReader {

  /** A vocabulary has each of its names but once: no tables of names. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .build());

  private final JsonNode root;

  private TokenizerReader(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads one.
   *
   * @param json which the reference has no quarrel with
   */
  static TokenizerParts read(String json) throws UnsupportedTokenizerException {
    try {
      return new TokenizerReader(MAPPER.readTree(json)).read();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private TokenizerParts read() throws UnsupportedTokenizerException {
    List<TextStep> normalization = new ArrayList<>();
    readNormalizer(root.path("normalizer"), normalization);
    SplitReader split = new SplitReader();
    split.read(root.path("pre_tokenizer"));
    List<PieceScanner> scanners = split.scanners();
    List<TextStep> preparation = split.preparation();
    BlankForm blanks = blankForm(normalization, split);
    Optional<Prepend> beginning = split.beginning();
    if (blanks == null && split.cutsBeforeMarks() > 0) {
      throw new UnsupportedTokenizerException("pre_tokenizer Metaspace after another");
    }
    if (blanks != null) {
      normalization = blanks.normalization();
      preparation = blanks.preparation();
      scanners = blanks.scanners();
      beginning = blanks.beginning();
    }
    AddedTokens normalized = added(true, normalization);
    if (split.dependsOnPlace() && !normalization.isEmpty() && !normalized.isEmpty()) {
      throw new UnsupportedTokenizerException(
          "prepend_scheme first with a normalizer and normalized added tokens");
    }
    return new TokenizerParts(
        added(false, List.of()),
        List.copyOf(normalization),
        normalized,
        List.copyOf(preparation),
        List.copyOf(scanners),
        beginning,
        split.cutsBeforeMarks(),
        new ModelReader(root.path("model"), split.isOfBytes(), blanks != null).read());
  }

  private BlankForm blankForm(List<TextStep> normalization, SplitReader split) {
    boolean strips = false;
    for (JsonNode token : root.path("added_tokens")) {
      strips |=
          token.path("normalized").asBoolean(true)
              && (token.path("lstrip").asBoolean() || token.path("rstrip").asBoolean());
    }
    // Without a token of its own the mark falls back to its bytes, which are not those of a blank.
    return split.isOfBytes() || !root.path("model").path("vocab").has(BlankForm.MARK)
        ? null
        : BlankForm.of(normalization, split, strips);
  }

  private static void readNormalizer(JsonNode node, List<TextStep> steps)
      throws UnsupportedTokenizerException {
    if (node.isNull() || node.isMissingNode()) {
      return;
    }
    String type = node.path("type").asText("without a type");
    switch (type) {
      case "Sequence" -> {
        for (JsonNode part : node.path("normalizers")) {
          readNormalizer(part, steps);
        }
      }
      case "NFC", "NFD", "NFKC", "NFKD" ->
          steps.add(new UnicodeForm(Normalizer.Form.valueOf(type)));
      case "Prepend" -> steps.add(new Prepend(node.path("prepend").asText(), Prepend.When.ALWAYS));
      case "Replace" -> steps.add(replace(node));
      default -> throw new UnsupportedTokenizerException("normalizer " + type);
    }
  }

  private static Replace replace(JsonNode node) throws UnsupportedTokenizerException {
    String pattern = node.path("pattern").path("String").asText("");
    if (pattern.isEmpty()) {
      throw new UnsupportedTokenizerException(
          "normalizer Replace with the pattern " + node.path("pattern"));
    }
    return new Replace(pattern, node.path("content").asText());
  }

  private AddedTokens added(boolean normalized, List<TextStep> normalization)
      throws UnsupportedTokenizerException {
    Map<String, JsonNode> seen = new HashMap<>();
    List<AddedTokens.Token> tokens = new ArrayList<>();
    for (JsonNode node : root.path("added_tokens")) {
      String content = node.path("content").asText();
      JsonNode same = seen.putIfAbsent(content, node);
      if (same != null && !same.equals(node)) {
        throw new UnsupportedTokenizerException("two added tokens " + content);
      }
      if (same == null
          && !content.isEmpty()
          && node.path("normalized").asBoolean(true) == normalized) {
        tokens.add(
            new AddedTokens.Token(
                normalize(content, normalization),
                id(node),
                node.path("single_word").asBoolean(),
                node.path("lstrip").asBoolean(),
                node.path("rstrip").asBoolean()));
      }
    }
    return new AddedTokens(tokens);
  }

  private static int id(JsonNode node) throws UnsupportedTokenizerException {
    int id = node.path("id").asInt(-1);
    if (id < 0) {
      throw new UnsupportedTokenizerException("an added token with the id " + node.path("id"));
    }
    return id;
  }

  private static byte[] normalize(String content, List<TextStep> normalization)
      throws UnsupportedTokenizerException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    for (TextStep step : normalization) {
      ByteText target = new ByteText();
      try {
        if (step.apply(bytes, 0, bytes.length, true, target)) {
          bytes = Arrays.copyOf(target.bytes(), target.length());
        }
      } catch (UnsupportedTextException e) {
        throw new UnsupportedTokenizerException(
            "the added token " + content + ": " + e.getMessage());
      }
    }
    return bytes;
  }
}
