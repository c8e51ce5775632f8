package org.millrace.runners.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The texts of a folder, as the benchmarks of the encoders take them. */
final class CorpusTexts {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final int MOST_MORE = 64;

  private CorpusTexts() {}

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Texts of the .jsonl and .txt files of a folder, in the order of their names. */
  static List<String> read(Path folder, long limit) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    List<String> texts = new ArrayList<>();
    long bytes = 0;
    for (Path file : files) {
      if (file.toString().endsWith(".jsonl")) {
        try (Stream<String> lines = Files.lines(file)) {
          for (String line : (Iterable<String>) lines::iterator) {
            JsonNode record = MAPPER.readTree(line);
            texts.add(record.path("text").asText(record.path("content").asText()));
            bytes += bytes(texts.get(texts.size() - 1));
            if (bytes > limit) {
              return texts;
            }
          }
        }
      } else if (file.toString().endsWith(".txt")) {
        texts.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        bytes += bytes(texts.get(texts.size() - 1));
      }
    }
    return texts;
  }

  /**
   * The same text in documents of a size, cut before the next white space, as documents do not end
   * within words; where there is none within {@value #MOST_MORE} bytes, between characters.
   */
  static List<String> shaped(List<String> texts, int shape) {
    StringBuilder all = new StringBuilder();
    texts.forEach(text -> all.append(text).append('\n'));
    List<String> shaped = new ArrayList<>();
    int start = 0;
    int bytes = 0;
    for (int at = 0; at < all.length(); ) {
      int c = all.codePointAt(at);
      at += Character.charCount(c);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      boolean isEnough = bytes >= shape && (bytes >= shape + MOST_MORE || isSpaceAt(all, at));
      if (isEnough || at == all.length()) {
        shaped.add(all.substring(start, at));
        start = at;
        bytes = 0;
      }
    }
    return shaped;
  }

  private static boolean isSpaceAt(CharSequence text, int at) {
    return at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0;
  }
}
