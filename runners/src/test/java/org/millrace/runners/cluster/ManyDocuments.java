package org.millrace.runners.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An input that keeps a cluster busy for a while: the test documents again and again. */
final class ManyDocuments {

  private static final int FILES = 8;
  private static final int CHARACTERS_PER_FILE = 3_500_000;

  private ManyDocuments() {}

  /** Writes them as JSON lines, no two alike, and with bad ones among them. */
  static Path write(Path documents, Path folder) throws IOException {
    List<String> texts = texts(documents);
    Files.createDirectories(folder);
    for (int file = 0; file < FILES; file++) {
      try (Writer out = Files.newBufferedWriter(folder.resolve("part-" + file + ".jsonl"))) {
        int characters = 0;
        for (int copy = 0; characters < CHARACTERS_PER_FILE; copy++) {
          for (String text : texts) {
            String own = "copy " + copy + " of file " + file + "\n" + text;
            out.write(new ObjectMapper().writeValueAsString(Map.of("text", own)) + "\n");
            characters += own.length();
          }
        }
        out.write("{\"text\": no document of file " + file + "}\n");
      }
    }
    return folder;
  }

  private static List<String> texts(Path documents) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(documents)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".jsonl")).sorted().toList()) {
        for (String line : Files.readAllLines(path)) {
          JsonNode text = json.readTree(line).path("text");
          texts.add(text.asText());
        }
      }
    }
    return texts;
  }
}
