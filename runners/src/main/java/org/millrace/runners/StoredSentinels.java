package org.millrace.runners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.io.shard.Manifest;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.fim.FimTokens;
import org.millrace.transforms.tokenize.Tokenizer;

/**
 * The sentinels of fill-in-the-middle in a dataset, by the report in its manifest.
 *
 * @param tokens their ids
 * @param texts of those that the tokenizer may lack, by id
 */
record StoredSentinels(FimTokens tokens, Map<Integer, String> texts) {

  /** Those of a dataset; nothing where it was made without. */
  static Optional<StoredSentinels> of(Manifest manifest) throws IOException {
    String report = manifest.reports().get("fim");
    if (report == null) {
      return Optional.empty();
    }
    JsonNode sentinels = new ObjectMapper().readTree(report).path("sentinels");
    Map<Integer, String> texts = new TreeMap<>();
    for (JsonNode sentinel : sentinels) {
      texts.put(sentinel.path("id").asInt(-1), sentinel.path("text").asText());
    }
    FimTokens tokens =
        new FimTokens(
            sentinels.at("/prefix/id").asInt(-1),
            sentinels.at("/middle/id").asInt(-1),
            sentinels.at("/suffix/id").asInt(-1),
            sentinels.at("/pad/id").asInt(-1));
    return Optional.of(new StoredSentinels(tokens, texts));
  }

  /** Sentinels of which only the ids are known. */
  static StoredSentinels of(int prefix, int middle, int suffix) {
    int pad = Math.max(prefix, Math.max(middle, suffix)) + 1;
    Map<Integer, String> texts = new TreeMap<>();
    texts.put(prefix, "<fim_prefix>");
    texts.put(middle, "<fim_middle>");
    texts.put(suffix, "<fim_suffix>");
    return new StoredSentinels(new FimTokens(prefix, middle, suffix, pad), texts);
  }

  /** The text of ids, sentinels shown, be they in the tokenizer's vocabulary or behind it. */
  String decode(Tokenizer tokenizer, TokenIds ids) {
    StringBuilder text = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= ids.length(); i++) {
      if (i == ids.length() || texts.containsKey(ids.get(i))) {
        text.append(i > start ? tokenizer.decode(ids.slice(start, i)) : "");
        text.append(i < ids.length() ? texts.get(ids.get(i)) : "");
        start = i + 1;
      }
    }
    return text.toString();
  }
}
