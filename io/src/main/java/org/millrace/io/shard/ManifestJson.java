package org.millrace.io.shard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.millrace.io.document.InputCount;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

/** A manifest's JSON. Keys are put in sorted order by hand where they are fixed. */
final class ManifestJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A recipe's numbers go through as they are: its hash is that of its text.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
          .build();

  private static final ObjectMapper CANONICAL =
      MAPPER.copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final String name;

  private ManifestJson(String name) {
    this.name = name;
  }

  static byte[] write(Manifest manifest) {
    ObjectNode root = object();
    ArrayNode inputs = root.putArray("inputs");
    for (InputCount input : manifest.inputs()) {
      inputs.add(
          object()
              .put("bytes", input.bytes())
              .put("documents", input.documents())
              .put("path", input.path()));
    }
    ArrayNode ledger = root.putArray("ledger");
    for (LedgerEntry entry : manifest.ledger().entries()) {
      ledger.add(
          object()
              .put("bytes", entry.bytes())
              .put("documents", entry.documents())
              .put("reason", entry.reason())
              .put("source", entry.source())
              .put("step", entry.step())
              .put("tokens", entry.tokens()));
    }
    ArrayNode outputs = root.putArray("outputs");
    manifest.outputs().forEach(output -> outputs.add(write(output)));
    ManifestHeader header = manifest.header();
    try {
      root.set("recipe", MAPPER.readTree(header.recipe()));
      root.put("recipe_sha256", header.recipeSha256());
      if (!manifest.reports().isEmpty()) {
        ObjectNode reports = root.putObject("reports");
        for (var report : manifest.reports().entrySet()) {
          reports.set(report.getKey(), MAPPER.readTree(report.getValue()));
        }
      }
      if (header.tokenizer().isKnown()) {
        root.set("tokenizer", write(header.tokenizer()));
      }
      root.put("version", Manifest.VERSION);
      DefaultIndenter indent = new DefaultIndenter("  ", "\n");
      DefaultPrettyPrinter printer =
          new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
      return (MAPPER.writer(printer).writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the recipe or a report is no JSON: " + header.recipe() + " " + manifest.reports(), e);
    }
  }

  private static ObjectNode write(ManifestHeader.Tokenizer tokenizer) {
    ObjectNode node = object();
    if (!tokenizer.engine().isEmpty()) {
      node.put("engine", tokenizer.engine());
    }
    return node.put("name", tokenizer.name())
        .put("sha256", tokenizer.sha256())
        .put("vocabulary_size", tokenizer.vocabularySize());
  }

  private static ObjectNode write(Manifest.Output output) {
    ObjectNode node = object();
    ObjectNode counts = node.putObject("counts");
    output.counts().forEach(counts::put);
    ArrayNode files = node.putArray("files");
    for (Manifest.File file : output.files()) {
      files.add(
          object()
              .put("bytes", file.bytes())
              .put("path", file.path())
              .put("samples", file.samples())
              .put("sha256", file.sha256()));
    }
    node.put("folder", output.folder());
    node.put("format", output.format());
    ObjectNode properties = node.putObject("properties");
    output.properties().forEach(properties::put);
    return node.put("samples", output.samples()).put("tokens", output.tokens());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The SHA-256 of a JSON object with sorted keys and no white space, in hexadecimal. */
  static String canonicalSha256(String json) throws IOException {
    byte[] canonical =
        CANONICAL
            .writeValueAsString(CANONICAL.readValue(json, TreeMap.class))
            .getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(StableHash.sha256().digest(canonical));
  }

  static Manifest read(byte[] json, String name) throws IOException {
    try {
      return new ManifestJson(name).manifest(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IOException(name + ": is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private Manifest manifest(JsonNode root) throws IOException {
    long version = number(root, "version");
    if (version != Manifest.VERSION) {
      throw new IOException(name + ": version: expected " + Manifest.VERSION + ", got " + version);
    }
    ManifestHeader header =
        new ManifestHeader(
            MAPPER.writeValueAsString(child(root, "recipe")),
            text(root, "recipe_sha256"),
            root.has("tokenizer")
                ? tokenizer(root.get("tokenizer"))
                : ManifestHeader.Tokenizer.UNKNOWN);
    List<InputCount> inputs = new ArrayList<>();
    for (JsonNode input : child(root, "inputs")) {
      inputs.add(
          new InputCount(text(input, "path"), number(input, "bytes"), number(input, "documents")));
    }
    List<LedgerEntry> entries = new ArrayList<>();
    for (JsonNode entry : child(root, "ledger")) {
      entries.add(
          new LedgerEntry(
              text(entry, "source"),
              text(entry, "step"),
              text(entry, "reason"),
              number(entry, "documents"),
              number(entry, "bytes"),
              number(entry, "tokens")));
    }
    List<Manifest.Output> outputs = new ArrayList<>();
    for (JsonNode output : child(root, "outputs")) {
      outputs.add(output(output));
    }
    SortedMap<String, String> reports = new TreeMap<>();
    if (root.has("reports")) {
      for (var report : root.get("reports").properties()) {
        reports.put(report.getKey(), MAPPER.writeValueAsString(report.getValue()));
      }
    }
    return new Manifest(header, inputs, new Ledger(entries), outputs, reports);
  }

  private ManifestHeader.Tokenizer tokenizer(JsonNode node) throws IOException {
    return new ManifestHeader.Tokenizer(
        text(node, "name"),
        text(node, "sha256"),
        (int) Math.min(Integer.MAX_VALUE, number(node, "vocabulary_size")),
        node.has("engine") ? text(node, "engine") : "");
  }

  private Manifest.Output output(JsonNode output) throws IOException {
    List<Manifest.File> files = new ArrayList<>();
    for (JsonNode file : child(output, "files")) {
      files.add(
          new Manifest.File(
              text(file, "path"),
              number(file, "bytes"),
              text(file, "sha256"),
              number(file, "samples")));
    }
    return new Manifest.Output(
        text(output, "format"),
        text(output, "folder"),
        number(output, "samples"),
        number(output, "tokens"),
        map(child(output, "counts"), JsonNode::asLong),
        map(child(output, "properties"), JsonNode::asText),
        files);
  }

  private static <V> SortedMap<String, V> map(JsonNode node, Function<JsonNode, V> value) {
    SortedMap<String, V> map = new TreeMap<>();
    node.fields().forEachRemaining(field -> map.put(field.getKey(), value.apply(field.getValue())));
    return map;
  }

  private JsonNode child(JsonNode node, String key) throws IOException {
    JsonNode child = node.get(key);
    if (child == null) {
      throw new IOException(name + ": expected a key \"" + key + "\", got none");
    }
    return child;
  }

  private String text(JsonNode node, String key) throws IOException {
    JsonNode child = child(node, key);
    if (!child.isTextual()) {
      throw new IOException(name + ": " + key + ": expected a string, got " + child);
    }
    return child.textValue();
  }

  private long number(JsonNode node, String key) throws IOException {
    JsonNode child = child(node, key);
    if (!child.isIntegralNumber() || !child.canConvertToLong() || child.longValue() < 0) {
      throw new IOException(name + ": " + key + ": expected a count, got " + child);
    }
    return child.longValue();
  }
}
