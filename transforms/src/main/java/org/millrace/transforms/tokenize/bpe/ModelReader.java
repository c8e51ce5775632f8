package org.millrace.transforms.tokenize.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads the model of a tokenizer.json. */
final class ModelReader {

  private final JsonNode model;
  private final boolean ofBytes;
  private final boolean blankForm;
  private final Map<String, Integer> vocabulary = new HashMap<>();

  /**
   * Makes a reader.
   *
   * @param model the member of that name
   * @param ofBytes whether pieces come as characters that stand for bytes
   * @param blankForm whether they come in the {@link BlankForm}
   */
  ModelReader(JsonNode model, boolean ofBytes, boolean blankForm) {
    this.model = model;
    this.ofBytes = ofBytes;
    this.blankForm = blankForm;
  }

  BpeModel read() throws UnsupportedTokenizerException {
    String type = model.path("type").asText("BPE");
    if (!type.equals("BPE") || !model.path("merges").isArray()) {
      throw new UnsupportedTokenizerException("model " + type);
    }
    for (String key : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (!model.path(key).asText("").isEmpty()) {
        throw new UnsupportedTokenizerException(key + " " + model.path(key));
      }
    }
    if (model.hasNonNull("dropout")) {
      throw new UnsupportedTokenizerException("dropout " + model.path("dropout"));
    }
    readVocabulary();
    Map<String, Integer> known = Collections.unmodifiableMap(vocabulary);
    if (ofBytes) {
      ByteCuts cuts = new ByteCuts();
      MergeTable merges = readMerges(cuts::see);
      return new BpeModel(ByteSymbols.of(known), merges, readWhole(), cuts);
    }
    CharacterSymbols symbols = readSymbols();
    CharacterCuts cuts = new CharacterCuts(symbols, blankForm);
    MergeTable merges = readMerges(cuts::see);
    cuts.finish();
    // An unknown token by the name of the mark would be taken for the mark itself.
    boolean standsForMark = model.path("unk_token").asText("").contains(BlankForm.MARK);
    return new BpeModel(
        symbols, merges, readWhole(), symbols.isComplete() && !standsForMark ? cuts : Cuts.NONE);
  }

  private void readVocabulary() throws UnsupportedTokenizerException {
    Set<Integer> ids = new HashSet<>();
    for (Map.Entry<String, JsonNode> token : model.path("vocab").properties()) {
      int id = token.getValue().asInt(-1);
      if (id < 0 || id >= 1 << MergeTable.ID_BITS) {
        throw new UnsupportedTokenizerException(
            "the id " + token.getValue() + " of a token, beyond " + (1 << MergeTable.ID_BITS));
      }
      if (!ids.add(id)) {
        throw new UnsupportedTokenizerException("two tokens with the id " + id);
      }
      vocabulary.put(token.getKey(), id);
    }
  }

  private MergeTable readMerges(BiConsumer<String, String> watcher)
      throws UnsupportedTokenizerException {
    JsonNode list = model.path("merges");
    int count = list.size();
    if (count >= 1 << MergeTable.RANK_BITS) {
      throw new UnsupportedTokenizerException(count + " merges");
    }
    int[] left = new int[count];
    int[] right = new int[count];
    int[] merged = new int[count];
    int rank = 0;
    for (JsonNode merge : list) {
      String[] pair = pair(merge);
      if (pair == null) {
        continue;
      }
      if (pair[0].isEmpty() || pair[1].isEmpty()) {
        // All that is said here about merges takes it that a merged token is longer than its parts.
        throw new UnsupportedTokenizerException("a merge with an empty part, rank " + rank);
      }
      left[rank] = id(pair[0]);
      right[rank] = id(pair[1]);
      merged[rank++] = id(pair[0] + pair[1]);
      watcher.accept(pair[0], pair[1]);
    }
    return new MergeTable(
        Arrays.copyOf(left, rank), Arrays.copyOf(right, rank), Arrays.copyOf(merged, rank));
  }

  /** The two parts of a merge in either form, or null for a line that the library skips. */
  private static String[] pair(JsonNode merge) throws UnsupportedTokenizerException {
    if (merge.isArray() && merge.size() == 2) {
      return new String[] {merge.get(0).asText(), merge.get(1).asText()};
    }
    String line = merge.asText();
    if (line.startsWith("#version")) {
      return null;
    }
    String[] parts = line.split(" ", -1);
    if (parts.length != 2) {
      throw new UnsupportedTokenizerException("merge " + merge);
    }
    return parts;
  }

  private int id(String token) throws UnsupportedTokenizerException {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new UnsupportedTokenizerException(
          "a merge with the token \"" + token + "\", which is not in the vocabulary");
    }
    return id;
  }

  private CharacterSymbols readSymbols() throws UnsupportedTokenizerException {
    String unknown = model.path("unk_token").asText("");
    return new CharacterSymbols(
        inForm(),
        model.path("byte_fallback").asBoolean(),
        model.hasNonNull("unk_token") ? id(unknown) : CharacterSymbols.NONE,
        model.path("fuse_unk").asBoolean());
  }

  private Map<String, Integer> inForm() {
    if (!blankForm) {
      return vocabulary;
    }
    Map<String, Integer> turned = new HashMap<>();
    vocabulary.forEach(
        (token, id) -> {
          String form = BlankForm.token(token);
          if (form != null) {
            turned.put(form, id);
          }
        });
    return turned;
  }

  private Map<BpeModel.ByteKey, Integer> readWhole() {
    Map<BpeModel.ByteKey, Integer> whole = new HashMap<>();
    if (model.path("ignore_merges").asBoolean()) {
      inForm()
          .forEach(
              (token, id) -> {
                byte[] bytes = ofBytes ? ByteSymbols.bytes(token) : CharacterSymbols.bytes(token);
                if (bytes.length > 0) {
                  whole.put(new BpeModel.ByteKey(bytes), id);
                }
              });
    }
    return whole;
  }
}
