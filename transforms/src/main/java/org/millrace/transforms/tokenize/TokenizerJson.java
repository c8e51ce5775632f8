package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.millrace.transforms.hash.StableHash;

/**
 * The content of a tokenizer.json, in the two forms in which the library gets it. Neither is ever
 * written to a file.
 *
 * <p>{@link #parsing} is the file as it is, less what would make ids depend on more than the text:
 * truncation, padding, and dropout. {@link #textOnly} gives each control token a name that no text
 * has, wherever it stands. So its text is encoded as any other text, and every id stays what it
 * was; were control tokens left out, the library would count up to other ids for those after them.
 */
final class TokenizerJson {

  /**
   * Writes ASCII only, because text goes to the native side in Java's own kind of UTF-8. Looks no
   * names up in tables of names, as it does as a rule: a vocabulary has each of its names but once.
   */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final String name;
  private final byte[] bytes;
  private final DigitSplit digits;
  private final Vocabulary vocabulary;

  /** Reads a tokenizer.json that cuts numbers as it has it. */
  TokenizerJson(String name, byte[] bytes) {
    this(name, bytes, SplitDigits.NONE);
  }

  /**
   * Reads a tokenizer.json.
   *
   * @param name of the file, for errors
   * @throws IllegalArgumentException where it is not one, or numbers cannot be cut so
   */
  TokenizerJson(String name, byte[] bytes, SplitDigits splitDigits) {
    this.name = name;
    this.bytes = bytes;
    this.digits = new DigitSplit(splitDigits);
    ObjectNode root = parse(bytes);
    digits.check(name, root);
    this.vocabulary = new Vocabulary(name, root);
  }

  private ObjectNode parse(byte[] content) {
    JsonNode root;
    try {
      root = MAPPER.readTree(content);
    } catch (JsonProcessingException e) {
      throw notOne("it is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw notOne("it is no text: " + e.getMessage(), e);
    }
    JsonNode vocab = root.path("model").path("vocab");
    if (!root.isObject() || !vocab.isContainerNode() || vocab.isEmpty()) {
      throw notOne("it has no model.vocab", null);
    }
    return (ObjectNode) root;
  }

  private IllegalArgumentException notOne(String why, Throwable cause) {
    return new IllegalArgumentException(
        name
            + " is not a tokenizer.json: "
            + why
            + "; give the file that the Hugging Face tokenizers library saves",
        cause);
  }

  /** The file's name. */
  String name() {
    return name;
  }

  /** The tokens and their ids. */
  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** For encoding with control tokens parsed, and for decoding. */
  String parsing() {
    return write(repeatable());
  }

  /** For encoding control tokens as text. */
  String textOnly() {
    ObjectNode root = repeatable();
    root.putNull("post_processor");
    ObjectNode model = (ObjectNode) root.get("model");
    renameAdded(root.path("added_tokens"));
    if (model.get("vocab") instanceof ArrayNode pieces) {
      renamePieces(pieces);
    } else {
      renameKeys((ObjectNode) model.get("vocab"));
    }
    renameUnknown(model);
    if (model.get("merges") instanceof ArrayNode merges) {
      dropControlMerges(merges, model.path("continuing_subword_prefix").asText("").length());
    }
    return write(root);
  }

  /** For encoding a text from within a document, as text: nothing is put before it. */
  String inner() {
    ObjectNode root = parse(textOnly().getBytes(StandardCharsets.UTF_8));
    if (root.get("normalizer") instanceof ObjectNode normalizer) {
      if (normalizer.path("type").asText().equals("Prepend")) {
        root.putNull("normalizer");
      }
      dropPrepend(normalizer.path("normalizers"));
    }
    dropPrefixBlank(root.path("pre_tokenizer"));
    return write(root);
  }

  private static void dropPrepend(JsonNode steps) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i).path("type").asText().equals("Prepend")) {
        ((ArrayNode) steps).remove(i);
      } else {
        dropPrepend(steps.get(i).path("normalizers"));
      }
    }
  }

  private static void dropPrefixBlank(JsonNode step) {
    for (JsonNode part : step.path("pretokenizers")) {
      dropPrefixBlank(part);
    }
    if (step.has("prepend_scheme")) {
      ((ObjectNode) step).put("prepend_scheme", "never");
    }
    if (step instanceof ObjectNode of
        && (step.has("add_prefix_space") || step.path("type").asText().equals("Metaspace"))) {
      of.put("add_prefix_space", false);
    }
  }

  private ObjectNode repeatable() {
    ObjectNode root = parse(bytes);
    root.putNull("truncation");
    root.putNull("padding");
    if (root.path("model").hasNonNull("dropout")) {
      ((ObjectNode) root.get("model")).putNull("dropout");
    }
    digits.apply(root);
    return root;
  }

  private void renameAdded(JsonNode addedTokens) {
    for (JsonNode token : addedTokens) {
      alias(token.path("content").asText())
          .ifPresent(alias -> ((ObjectNode) token).put("content", alias).put("normalized", false));
    }
  }

  private void renamePieces(ArrayNode pieces) {
    for (JsonNode pair : pieces) {
      alias(pair.path(0).asText())
          .ifPresent(alias -> ((ArrayNode) pair).set(0, TextNode.valueOf(alias)));
    }
  }

  private void renameKeys(ObjectNode vocab) {
    for (String control : vocabulary.controls()) {
      JsonNode id = vocab.remove(control);
      if (id != null) {
        vocab.set(alias(control).orElseThrow(), id);
      }
    }
  }

  private void renameUnknown(ObjectNode model) {
    alias(model.path("unk_token").asText("")).ifPresent(alias -> model.put("unk_token", alias));
  }

  /** A merge to or of a control token is met in that token's text alone. */
  private void dropControlMerges(ArrayNode merges, int prefixLength) {
    for (int i = merges.size() - 1; i >= 0; i--) {
      JsonNode merge = merges.get(i);
      String[] parts =
          merge.isArray()
              ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
              : merge.asText().split(" ", 2);
      if (parts.length == 2 && isControlMerge(parts[0], parts[1], prefixLength)) {
        merges.remove(i);
      }
    }
  }

  private boolean isControlMerge(String left, String right, int prefixLength) {
    String merged = left + right.substring(Math.min(prefixLength, right.length()));
    return vocabulary.controls().contains(merged)
        || vocabulary.controls().contains(left)
        || vocabulary.controls().contains(right);
  }

  /**
   * The name under which a control token stays in the vocabulary. Were a text to hold it, that text
   * would be refused.
   */
  private Optional<String> alias(String content) {
    return vocabulary.controls().contains(content)
        ? Optional.of("<control:" + StableHash.of("control-token", 0).keyOf(content) + ">")
        : Optional.empty();
  }

  private static String write(ObjectNode root) {
    try {
      return MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }
}
