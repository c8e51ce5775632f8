package org.millrace.io.convert;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The recipe of a converted dataset, and what it may say of a source.
 *
 * <pre>
 * {"convert": {"column", "dtype", "length", "options": {...}, "shards", "to",
 *              "sources": [{"format", "name", "recipe": {...}}]}}
 * </pre>
 */
final class ConversionRecipe {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private ConversionRecipe() {}

  /** The recipe as JSON. */
  static String of(ConversionSettings settings, SourceShards source, Target<?> target)
      throws IOException {
    TreeMap<String, Object> convert = new TreeMap<>(target.settings());
    if (!source.column().isEmpty()) {
      convert.put("column", source.column());
    }
    convert.put("options", settings.options());
    convert.put("shards", settings.shards() == 0 ? "as in the source" : settings.shards());
    convert.put("to", settings.to());
    List<Object> sources = new ArrayList<>();
    for (Source each : source.sources()) {
      TreeMap<String, Object> said = new TreeMap<>();
      said.put("format", each.found().format().name());
      said.put("name", each.name());
      if (each.manifest().isPresent()) {
        said.put("recipe", JSON.readTree(each.manifest().get().header().recipe()));
      }
      sources.add(said);
    }
    convert.put("sources", sources);
    return JSON.writeValueAsString(Map.of("convert", convert));
  }

  /** The length that a source's recipe gives to all samples. */
  static Optional<Integer> length(Source source) throws IOException {
    if (source.manifest().isEmpty()) {
      return Optional.empty();
    }
    JsonNode recipe = JSON.readTree(source.manifest().get().header().recipe());
    for (String place : List.of("/convert/length", "/pack/sequence_length")) {
      JsonNode length = recipe.at(place);
      if (length.isIntegralNumber() && length.canConvertToInt() && length.intValue() > 0) {
        return Optional.of(length.intValue());
      }
    }
    return Optional.empty();
  }
}
