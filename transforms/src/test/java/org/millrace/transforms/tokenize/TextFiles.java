package org.millrace.transforms.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * All that a folder holds, as texts: of JSON lines their texts, of everything else, read as UTF-8
 * with U+FFFD for what is none, the whole, cut where it is long. Files that are no text are hard
 * texts.
 */
final class TextFiles {

  private static final int MAX_BYTES = 32 << 20;
  private static final int MAX_CHARS = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TextFiles() {}

  static List<String> in(Path folder) throws IOException {
    List<String> texts = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        read(file, texts);
      }
    }
    return texts;
  }

  private static void read(Path file, List<String> texts) throws IOException {
    String name = file.getFileName().toString();
    String content;
    try (InputStream in = open(file)) {
      content = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // Damaged on purpose: as it is, then.
      content = Files.readString(file, StandardCharsets.ISO_8859_1);
    }
    if (name.contains(".jsonl")) {
      content.lines().forEach(line -> texts.add(textOf(line)));
      return;
    }
    for (int at = 0; at < content.length(); at += MAX_CHARS) {
      texts.add(content.substring(at, Math.min(content.length(), at + MAX_CHARS)));
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    String name = file.getFileName().toString();
    return name.endsWith(".gz")
        ? new GZIPInputStream(in)
        : name.endsWith(".bz2") ? new BZip2CompressorInputStream(in, true) : in;
  }

  private static String textOf(String line) {
    try {
      JsonNode record = MAPPER.readTree(line);
      JsonNode text =
          record.path("text").isTextual() ? record.path("text") : record.path("content");
      return text.isTextual() ? text.asText() : line;
    } catch (JsonProcessingException e) {
      return line;
    }
  }
}
