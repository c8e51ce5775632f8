package org.millrace.pipelines.recipe;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.transforms.hash.StableHash;

/**
 * What a dataset is made by: a pipeline and all its numbers, with every default filled in.
 *
 * @param <S> the record of the pipeline's settings
 * @param name how it was asked for: a bundled recipe's name, or the path of a file
 * @param pipeline the dataset pipeline's name
 * @param description one line for people; may be empty
 * @param settings all that decides the output
 * @param defaults for the command line
 * @see RecipeReader
 */
public record Recipe<S extends Record>(
    String name, String pipeline, String description, S settings, RecipeDefaults defaults) {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  /**
   * The pipeline's name and the settings as plain values: maps, lists, text, Boolean, Long,
   * BigDecimal, and null for what is off.
   */
  public SortedMap<String, Object> values() {
    SortedMap<String, Object> values = new TreeMap<>(SettingValues.of(settings));
    values.put("pipeline", pipeline);
    return Collections.unmodifiableSortedMap(values);
  }

  /**
   * The values as JSON: keys sorted, no white space. Equal for recipes that make the same dataset,
   * whatever they are called and whichever defaults they leave out.
   */
  public String canonicalJson() {
    try {
      return JSON.writeValueAsString(values());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe of plain values has no JSON", e);
    }
  }

  /** The SHA-256 of {@link #canonicalJson} in UTF-8, in hexadecimal. */
  public String sha256() {
    byte[] json = canonicalJson().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(StableHash.sha256().digest(json));
  }

  /** The recipe as YAML, with a comment on every key. Read again, it gives an equal recipe. */
  public String yaml() {
    return YamlText.of(this);
  }
}
