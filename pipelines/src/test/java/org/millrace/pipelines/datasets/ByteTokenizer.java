package org.millrace.pipelines.datasets;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tokenizer whose tokens are the bytes of the text, so that a test can count them and read them:
 * ids 0 to 255 are bytes, the control tokens follow.
 */
final class ByteTokenizer {

  private static final int BYTES = 256;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ByteTokenizer() {}

  /** Writes a tokenizer.json with control tokens whose ids are 256 and up. */
  static Path write(Path folder, String... controls) throws IOException {
    ObjectNode root = MAPPER.createObjectNode().put("version", "1.0");
    ArrayNode added = root.putArray("added_tokens");
    for (String control : controls) {
      added
          .addObject()
          .put("id", BYTES + added.size() - 1)
          .put("content", control)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    ObjectNode byteLevel = root.putObject("pre_tokenizer").put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
    root.set("decoder", byteLevel.deepCopy());
    ObjectNode model = root.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    // GPT-2, encoder.py, bytes_to_unicode: bytes that cannot be seen are shown from U+0100 on.
    int next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      boolean seen = (b > ' ' && b < 127) || (b > 160 && b != 173);
      vocabulary.put(Character.toString(seen ? b : next++), b);
    }
    model.putArray("merges");
    Files.createDirectories(folder);
    return Files.write(folder.resolve("tokenizer.json"), MAPPER.writeValueAsBytes(root));
  }
}
