package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.transforms.data.TokenIds;

/**
 * The tokens of a tokenizer.json and their ids: those of the model, and those added to it.
 *
 * <p>A <em>control token</em> is an added token that text must not become: one marked as special,
 * or one by a name that everyone gives to a beginning or an end, marked or not.
 */
final class Vocabulary {

  /** Ids beyond this come from damage, not from a vocabulary. */
  private static final int MAX_ID = (1 << 24) - 1;

  private final String name;
  private final Map<String, Integer> model = new HashMap<>();
  private final Map<String, Integer> added = new HashMap<>();
  private final Map<Integer, String> tokens = new HashMap<>();
  private final Set<String> controls = new HashSet<>();
  private final BitSet controlIds = new BitSet();
  private final long[] controlBits;
  private final int size;
  private int largestAdded = -1;

  /**
   * Reads a vocabulary.
   *
   * @param name of the file, for errors
   * @param root a whole tokenizer.json
   * @throws IllegalArgumentException where it is not one
   */
  Vocabulary(String name, JsonNode root) {
    this.name = name;
    readModel(root.path("model").path("vocab"));
    int modelSize = root.path("model").path("vocab").size();
    for (JsonNode token : root.path("added_tokens")) {
      add(token, modelSize);
    }
    unknownToken(root.path("model"))
        .filter(unknown -> !ControlToken.isWellKnown(unknown))
        .map(added::get)
        .ifPresent(controlIds::clear);
    this.controlBits = controlIds.toLongArray();
    this.size = tokens.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
  }

  /** The token that stands for what a model does not know: an id that any text may get. */
  private static Optional<String> unknownToken(JsonNode model) {
    JsonNode piece = model.path("vocab").path(model.path("unk_id").asInt(-1)).path(0);
    return Optional.ofNullable(
        model.path("unk_token").isTextual() ? model.path("unk_token").asText() : piece.textValue());
  }

  private void readModel(JsonNode vocab) {
    if (vocab.isObject()) {
      vocab.fields().forEachRemaining(entry -> put(model, entry.getKey(), id(entry.getValue())));
    } else {
      // A Unigram model: pairs of a piece and its score, in the order of their ids.
      int id = 0;
      for (JsonNode pair : vocab) {
        if (!pair.path(0).isTextual()) {
          throw new IllegalArgumentException(
              "%s: entry %d of model.vocab must be [piece, score], was %s"
                  .formatted(name, id, pair.getNodeType()));
        }
        put(model, pair.path(0).asText(), id++);
      }
    }
  }

  private void add(JsonNode token, int modelSize) {
    String content = token.path("content").asText();
    if (content.isEmpty() || added.containsKey(content)) {
      return;
    }
    int id = id(token.path("id"));
    Integer known = model.get(content);
    int expected = known != null ? known : nextId(modelSize);
    if (id != expected) {
      // The library would only warn, and go on with its own id.
      throw new IllegalArgumentException(
          "%s: the added token %s has the id %d, but the tokenizers library gives it %d; save the"
                  .formatted(name, content, id, expected)
              + " tokenizer again with that library, which writes the ids it uses");
    }
    put(added, content, id);
    largestAdded = Math.max(largestAdded, id);
    if (token.path("special").asBoolean() || ControlToken.isWellKnown(content)) {
      controls.add(content);
      controlIds.set(id);
    }
  }

  /** The library counts new ids up from the larger of the model's size and the last added id. */
  private int nextId(int modelSize) {
    return Math.max(largestAdded + 1, modelSize);
  }

  private void put(Map<String, Integer> part, String content, int id) {
    part.put(content, id);
    tokens.put(id, content);
  }

  private int id(JsonNode node) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 0
        || node.intValue() > MAX_ID) {
      throw new IllegalArgumentException(
          "%s: a token's id must be a whole number in 0..%d, was %s".formatted(name, MAX_ID, node));
    }
    return node.intValue();
  }

  /** The largest id plus one. */
  int size() {
    return size;
  }

  OptionalInt idOf(String token) {
    Integer id = added.getOrDefault(token, model.get(token));
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  Optional<String> tokenOf(int id) {
    return Optional.ofNullable(tokens.get(id));
  }

  /** The contents of all added tokens, in the order of their ids. */
  List<String> added() {
    return added.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The contents of all control tokens. */
  Set<String> controls() {
    return controls;
  }

  /** Whether no text may become this id; the unknown token is one that it may. */
  boolean isControl(int id) {
    return controlIds.get(id);
  }

  /** Where the first control token stands, or -1. */
  int indexOfControl(TokenIds ids) {
    long[] bits = controlBits;
    for (int i = 0; i < ids.length(); i++) {
      int id = ids.get(i);
      int word = id >> 6;
      if (word < bits.length && (bits[word] >>> id & 1) != 0) {
        return i;
      }
    }
    return -1;
  }
}
