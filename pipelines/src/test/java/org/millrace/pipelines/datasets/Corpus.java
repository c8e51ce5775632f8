package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.io.shard.Manifest;
import org.millrace.pipelines.Job;

/**
 * Two sources of nine records, few enough to count by hand: one has no text, one is empty, one
 * comes twice. The samples of the dataset made of it can be read as text.
 */
record Corpus(Path folder) {

  private static final String BOOKS =
      """
      {"text":"ghijklmno"}
      {"text":"pq"}
      {"text":"rstuv"}
      """;

  private static final String WEB =
      """
      {"text":"abcdef"}
      {"title":"no text"}
      {"text":""}
      {"text":"abcdef"}
      {"text":"wxyz"}
      {"text":"0123"}
      """;

  /** Control tokens of the tokenizer, and how a sample shows them and sentinels behind them. */
  private static final List<String> CONTROLS = List.of("<|endoftext|>", "<s>", "<pad>");

  private static final String SHOWN = "|^_PMS.";
  private static final int HEADER_BYTES = 128;

  static Corpus in(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("in/books"));
    Files.createDirectories(folder.resolve("in/web"));
    Files.writeString(folder.resolve("in/books/b.jsonl"), BOOKS);
    Files.writeString(folder.resolve("in/web/a.jsonl"), WEB);
    ByteTokenizer.write(folder.resolve("bytes"), CONTROLS.toArray(String[]::new));
    return new Corpus(folder);
  }

  String input() {
    return folder.resolve("in").toString();
  }

  Path output() {
    return folder.resolve("out");
  }

  String tokenizer() {
    return folder.resolve("bytes").toString();
  }

  Job job() {
    return new Job(input(), output().toString(), tokenizer());
  }

  Manifest manifest() throws IOException {
    return Manifest.parse(
        Files.readAllBytes(output().resolve(Manifest.FILE_NAME)), Manifest.FILE_NAME);
  }

  String failures() throws IOException {
    return Files.readString(output().resolve("failures/bad-records.jsonl"));
  }

  /** The files of the output, temporary ones too. */
  List<String> files() throws IOException {
    if (!Files.exists(output())) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(output())) {
      return all.filter(Files::isRegularFile)
          .map(path -> output().relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  /** The samples of all shards that hold sequences, in their order. */
  List<String> sequences(int length) throws IOException {
    List<String> samples = new ArrayList<>();
    for (ByteBuffer shard : shards()) {
      while (shard.hasRemaining()) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> shard.getShort() & 0xFFFF);
        samples.add(text(ids));
      }
    }
    return samples;
  }

  /** The samples of all shards that hold documents, in their order. */
  List<String> documents() throws IOException {
    List<String> samples = new ArrayList<>();
    for (ByteBuffer shard : shards()) {
      int[] lengths = new int[(int) shard.getLong()];
      Arrays.setAll(lengths, i -> (int) shard.getLong());
      for (int length : lengths) {
        int[] ids = new int[length];
        Arrays.setAll(ids, i -> (int) shard.getLong());
        samples.add(text(ids));
      }
    }
    return samples;
  }

  private List<ByteBuffer> shards() throws IOException {
    List<ByteBuffer> shards = new ArrayList<>();
    for (Manifest.File file : manifest().outputs().get(0).files()) {
      byte[] bytes = Files.readAllBytes(output().resolve(file.path()));
      shards.add(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(HEADER_BYTES));
    }
    return shards;
  }

  private static String text(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(id < 256 ? (char) id : SHOWN.charAt(id - 256));
    }
    return text.toString();
  }
}
