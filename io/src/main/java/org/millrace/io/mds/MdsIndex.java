package org.millrace.io.mds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.millrace.io.stored.StoredFile;

/**
 * The file that lists all shards, and so gives them their order.
 *
 * <pre>
 * Index --> {"shards": [Entry, ...], "version": 2}      as json.dumps(..., sort_keys=True) writes it
 * </pre>
 *
 * @see MdsEntry
 */
final class MdsIndex {

  static final String FILE_NAME = "index.json";

  private static final ObjectMapper MAPPER = new ObjectMapper(new JsonFactory());

  private MdsIndex() {}

  static byte[] encode(List<MdsEntry> entries) {
    TreeMap<String, Object> json = new TreeMap<>();
    json.put("shards", entries.stream().map(MdsEntry::toJson).toList());
    json.put("version", MdsConfig.VERSION);
    return PythonJson.encode(json).getBytes(StandardCharsets.UTF_8);
  }

  /** Takes one entry after the other. */
  interface Receiver {

    /**
     * Takes an entry.
     *
     * @param number its place in the list
     * @param json what is there, of any kind
     * @return whether to go on
     */
    boolean take(int number, JsonNode json) throws IOException;
  }

  /**
   * Reads an index, an entry at a time.
   *
   * @throws IOException when it is no index: with the file, what was expected and what was found
   */
  static void read(StoredFile file, Receiver receiver) throws IOException {
    try (InputStream in = file.stream();
        JsonParser parser = MAPPER.getFactory().createParser(in)) {
      boolean shards = false;
      boolean version = false;
      require(parser.nextToken() == JsonToken.START_OBJECT, file, "an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (key.equals("shards")) {
          shards = true;
          require(value == JsonToken.START_ARRAY, file, "a list of shards");
          if (!entries(parser, receiver)) {
            return;
          }
        } else if (key.equals("version")) {
          version = value == JsonToken.VALUE_NUMBER_INT && parser.getIntValue() == 2;
        } else {
          parser.skipChildren(); // streaming does not mind other keys here
        }
      }
      require(shards, file, "shards");
      require(version, file, "version 2");
      require(parser.nextToken() == null, file, "nothing behind the object");
    } catch (JsonProcessingException e) {
      throw new IOException(file.path() + ": expected JSON, got " + e.getOriginalMessage(), e);
    }
  }

  private static boolean entries(JsonParser parser, Receiver receiver) throws IOException {
    for (int number = 0; parser.nextToken() != JsonToken.END_ARRAY; number++) {
      if (!receiver.take(number, MAPPER.readTree(parser))) {
        return false;
      }
    }
    return true;
  }

  private static void require(boolean holds, StoredFile file, String expected) throws IOException {
    if (!holds) {
      throw new IOException(
          file.path() + ": expected an index of MDS with " + expected + ", got another file");
    }
  }
}
