package org.millrace.io.mds;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.millrace.io.column.Column;

/**
 * What a shard says of itself, and the index says of it again.
 *
 * @param columns in their order in a sample
 * @param encodings one for each column
 * @param compression as "zstd:7"
 * @param hashes the names of those in the index
 * @param sizeLimit in bytes
 */
record MdsConfig(
    List<Column> columns,
    List<Encoding> encodings,
    Optional<String> compression,
    List<String> hashes,
    OptionalLong sizeLimit) {

  static final String FORMAT = "mds";
  static final int VERSION = 2;

  /** The order of columns in a sample: names by code point. */
  static final Comparator<Column> ORDER =
      Comparator.comparing(column -> column.name().codePoints().toArray(), Arrays::compare);

  static MdsConfig of(List<Column> columns, MdsSettings settings) {
    return new MdsConfig(
        columns,
        columns.stream().map(column -> Encoding.of(column.type())).toList(),
        settings.codec().map(codec -> settings.compression()),
        settings.hashes(),
        settings.sizeLimit() == 0 ? OptionalLong.empty() : OptionalLong.of(settings.sizeLimit()));
  }

  /** The JSON object, with sorted keys. */
  TreeMap<String, Object> toJson() {
    List<Object> sizes = new ArrayList<>();
    for (Encoding encoding : encodings) {
      sizes.add(encoding.size().isPresent() ? encoding.size().getAsInt() : null);
    }
    TreeMap<String, Object> json = new TreeMap<>();
    json.put("column_encodings", columns.stream().map(Column::type).toList());
    json.put("column_names", columns.stream().map(Column::name).toList());
    json.put("column_sizes", sizes);
    json.put("compression", compression.orElse(null));
    json.put("format", FORMAT);
    json.put("hashes", hashes);
    json.put("size_limit", sizeLimit.isPresent() ? sizeLimit.getAsLong() : null);
    json.put("version", VERSION);
    return json;
  }

  /** The JSON object as shards have it. */
  byte[] encode() {
    return PythonJson.encode(toJson()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the JSON object; other keys in it do not matter.
   *
   * @throws IOException when it is not one of these: with what was expected and what was found
   */
  static MdsConfig parse(JsonNode json) throws IOException {
    require(json.path("version").asInt() == VERSION, json, "version", "2");
    require(json.path("format").asText().equals(FORMAT), json, "format", FORMAT);
    List<String> names = texts(json, "column_names");
    List<String> types = texts(json, "column_encodings");
    JsonNode sizes = json.path("column_sizes");
    boolean equal = names.size() == types.size() && sizes.size() == names.size();
    require(
        equal && sizes.isArray() && !names.isEmpty(), json, "column_sizes", "one for each column");
    JsonNode compression = json.path("compression");
    require(compression.isNull() || compression.isTextual(), json, "compression", "text or null");
    JsonNode limit = json.path("size_limit");
    require(limit.isNull() || limit.canConvertToLong(), json, "size_limit", "a number or null");
    List<Column> columns = new ArrayList<>();
    List<Encoding> encodings = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Column column = column(names.get(i), types.get(i));
      Encoding encoding = Encoding.of(column.type());
      OptionalInt size = encoding.size();
      boolean agrees =
          size.isPresent()
              ? sizes.get(i).isInt() && sizes.get(i).asInt() == size.getAsInt()
              : sizes.get(i).isNull();
      require(agrees, json, "column_sizes", size + " for the column " + column);
      columns.add(column);
      encodings.add(encoding);
    }
    return new MdsConfig(
        columns,
        encodings,
        compression.isNull() ? Optional.empty() : Optional.of(compression.asText()),
        texts(json, "hashes"),
        limit.isNull() ? OptionalLong.empty() : OptionalLong.of(limit.asLong()));
  }

  private static Column column(String name, String type) throws IOException {
    try {
      Column column = new Column(name, type);
      Encoding.of(type);
      return column;
    } catch (IllegalArgumentException e) {
      throw new IOException("column_encodings: " + e.getMessage(), e);
    }
  }

  private static List<String> texts(JsonNode json, String key) throws IOException {
    require(json.path(key).isArray(), json, key, "a list of text");
    List<String> texts = new ArrayList<>();
    for (JsonNode each : json.path(key)) {
      require(each.isTextual(), json, key, "a list of text");
      texts.add(each.asText());
    }
    return texts;
  }

  private static void require(boolean holds, JsonNode json, String key, String expected)
      throws IOException {
    if (!holds) {
      throw new IOException(
          key + ": expected " + expected + ", got " + Excerpt.of(json.path(key).toString()));
    }
  }
}
