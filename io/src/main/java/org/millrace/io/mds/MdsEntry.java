package org.millrace.io.mds;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an index says of a shard. It has these keys, and readers in Python fail on any other.
 *
 * @param config as in the shard
 * @param raw the shard before compression
 * @param samples in it
 * @param zip the shard after compression
 */
record MdsEntry(MdsConfig config, DataFile raw, long samples, Optional<DataFile> zip) {

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "column_encodings",
              "column_names",
              "column_sizes",
              "compression",
              "format",
              "hashes",
              "raw_data",
              "samples",
              "size_limit",
              "version",
              "zip_data"));

  /**
   * A file.
   *
   * @param basename relative to the folder of the index
   * @param bytes its size
   * @param hashes by their names
   */
  record DataFile(String basename, long bytes, SortedMap<String, String> hashes) {

    private static final Set<String> KEYS = new TreeSet<>(Set.of("basename", "bytes", "hashes"));

    private TreeMap<String, Object> toJson() {
      return new TreeMap<>(Map.of("basename", basename, "bytes", bytes, "hashes", hashes));
    }

    private static DataFile parse(JsonNode json, String key) throws IOException {
      requireKeys(json, KEYS, key);
      JsonNode bytes = json.path("bytes");
      if (!json.path("basename").isTextual()
          || !bytes.canConvertToLong()
          || bytes.asLong() < 0
          || !json.path("hashes").isObject()) {
        throw new IOException(
            key + ": expected basename, bytes and hashes, got " + Excerpt.of(json.toString()));
      }
      TreeMap<String, String> hashes = new TreeMap<>();
      json.path("hashes")
          .fields()
          .forEachRemaining(e -> hashes.put(e.getKey(), e.getValue().asText()));
      String basename = json.path("basename").asText();
      if (!isSafe(basename)) {
        throw new IOException(
            key + ": expected a basename inside the folder, got " + Excerpt.of(basename));
      }
      return new DataFile(basename, bytes.asLong(), hashes);
    }

    /** Whether a path cannot lead out of its folder. */
    private static boolean isSafe(String path) {
      for (String part : path.split("/", -1)) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
          return false;
        }
      }
      return path.indexOf('\\') < 0 && path.indexOf('\0') < 0 && path.indexOf(':') < 0;
    }
  }

  /** The file that is there: the compressed one where there is one. */
  DataFile stored() {
    return zip.orElse(raw);
  }

  /** The JSON object, with sorted keys. */
  TreeMap<String, Object> toJson() {
    TreeMap<String, Object> json = config.toJson();
    json.put("raw_data", raw.toJson());
    json.put("samples", samples);
    json.put("zip_data", zip.map(DataFile::toJson).orElse(null));
    return json;
  }

  /**
   * Reads the JSON object.
   *
   * @throws IOException when it is not as it should be: with what was expected and what was found
   */
  static MdsEntry parse(JsonNode json) throws IOException {
    requireKeys(json, KEYS, "shard");
    JsonNode samples = json.path("samples");
    if (!samples.canConvertToLong() || samples.asLong() < 0) {
      throw new IOException("samples: expected 0 or more, got " + Excerpt.of(samples.toString()));
    }
    JsonNode zip = json.path("zip_data");
    return new MdsEntry(
        MdsConfig.parse(json),
        DataFile.parse(json.path("raw_data"), "raw_data"),
        samples.asLong(),
        zip.isNull() ? Optional.empty() : Optional.of(DataFile.parse(zip, "zip_data")));
  }

  private static void requireKeys(JsonNode json, Set<String> keys, String what) throws IOException {
    TreeSet<String> found = new TreeSet<>();
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      found.add(names.next());
    }
    if (!found.equals(keys)) {
      throw new IOException(
          what + ": expected the keys " + keys + ", got " + Excerpt.of(found.toString()));
    }
  }
}
