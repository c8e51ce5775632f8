package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * Cuts numbers by a step before all others of a tokenizer.json's pre-tokenizer. The vocabulary and
 * its ids stay: tokens of several digits are just no longer met.
 *
 * @param mode how
 */
record DigitSplit(SplitDigits mode) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * Refuses a tokenizer for which more than numbers would change.
   *
   * @param name of the file, for errors
   * @throws IllegalArgumentException with what to set instead
   */
  void check(String name, JsonNode root) {
    if (mode == SplitDigits.NONE) {
      return;
    }
    if (beginsEveryPiece(root.path("pre_tokenizer"))) {
      throw refused(
          name,
          "its pre-tokenizer puts a blank before every piece, so that each digit would get one",
          "none");
    }
    if (mode == SplitDigits.ATTACH_SPACE && replacesBlanks(root.path("normalizer"))) {
      throw refused(
          name, "its normalizer replaces blanks, so that no digit has one before it", "isolated");
    }
  }

  private IllegalArgumentException refused(String name, String why, String instead) {
    return new IllegalArgumentException(
        "%s: tokenize.split_digits cannot be %s: %s; set it to %s"
            .formatted(name, mode.name().toLowerCase(Locale.ROOT), why, instead));
  }

  /** As the library has them: both kinds put a blank unless told otherwise. */
  private static boolean beginsEveryPiece(JsonNode step) {
    for (JsonNode inner : step.path("pretokenizers")) {
      if (beginsEveryPiece(inner)) {
        return true;
      }
    }
    boolean prefix = step.path("add_prefix_space").asBoolean(true);
    return switch (step.path("type").asText()) {
      case "ByteLevel" -> prefix;
      case "Metaspace" -> prefix && step.path("prepend_scheme").asText("always").equals("always");
      default -> false;
    };
  }

  private static boolean replacesBlanks(JsonNode step) {
    for (JsonNode inner : step.path("normalizers")) {
      if (replacesBlanks(inner)) {
        return true;
      }
    }
    return step.path("type").asText().equals("Replace")
        && step.path("pattern").path("String").asText().equals(" ");
  }

  /** Puts the step into a tokenizer.json. */
  void apply(ObjectNode root) {
    if (mode == SplitDigits.NONE) {
      return;
    }
    JsonNode own = root.path("pre_tokenizer");
    ObjectNode both = NODES.objectNode().put("type", "Sequence");
    ArrayNode steps = both.putArray("pretokenizers").add(step());
    if (own.isObject()) {
      steps.add(own);
    }
    root.set("pre_tokenizer", both);
  }

  private ObjectNode step() {
    return switch (mode) {
      case NONE -> throw new IllegalStateException("numbers are not cut");
      case ISOLATED -> NODES.objectNode().put("type", "Digits").put("individual_digits", true);
      case ATTACH_SPACE -> {
        ObjectNode split = NODES.objectNode().put("type", "Split");
        split.putObject("pattern").put("Regex", " ?[0-9]");
        yield split.put("behavior", "Isolated").put("invert", false);
      }
    };
  }
}
