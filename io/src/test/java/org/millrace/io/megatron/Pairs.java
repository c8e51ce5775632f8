package org.millrace.io.megatron;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.millrace.io.column.Column;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.TokenIds;

/** Pairs of files for tests. */
final class Pairs {

  private Pairs() {}

  /** A sequence, with the documents that end with it. */
  record Row(TokenIds tokens, int documentsEnded, int documentsBefore) implements TokenRow {

    static Row of(int documentsEnded, int... ids) {
      return new Row(TokenIds.of(ids), documentsEnded, 0);
    }

    static Row of(StoredSample sample) throws IOException {
      int before = 0;
      if (sample.index(Column.DOCUMENTS_BEFORE).isPresent()) {
        before = number(sample, Column.DOCUMENTS_BEFORE);
      }
      return new Row(
          sample.ids(Column.TOKENS, "row"), number(sample, Column.DOCUMENTS_ENDED), before);
    }

    private static int number(StoredSample sample, String column) throws IOException {
      return Math.toIntExact((Long) sample.value(sample.index(column).orElseThrow()));
    }

    @Override
    public String id() {
      return "row";
    }

    @Override
    public TokenIds labels() {
      throw new AssertionError("not kept in the format");
    }

    @Override
    public TokenIds mask() {
      throw new AssertionError("not kept in the format");
    }

    @Override
    public int contentLength() {
      return tokens.length();
    }

    @Override
    public int[] documentEnds() {
      throw new AssertionError("not kept in the format");
    }
  }

  /** Writes a shard; its files are {@code stem} with their extensions. */
  static <T> Path write(ShardSink<T> sink, List<T> samples, Path stem) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<T> writer = sink.open(scratch, samples.size())) {
      for (T sample : samples) {
        writer.write(sample);
      }
      for (LocalFile file : writer.finish()) {
        Files.copy(file.path(), with(stem, file.extension()));
      }
    }
    return stem;
  }

  /** The path of a file of a pair. */
  static Path with(Path stem, String extension) {
    return stem.resolveSibling(stem.getFileName() + extension);
  }

  /** A pair, as files that are opened. */
  static List<StoredFile> stored(Path stem) throws IOException {
    return List.of(
        StoredShards.file(with(stem, ".idx"), "a.idx"),
        StoredShards.file(with(stem, ".bin"), "a.bin"));
  }

  /** The rows of all pairs in a folder. */
  static List<Row> rows(Path folder) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (List<StoredFile> shard :
        MegatronIO.format().shards(StoredFolder.list(folder.toString()), Pairs::fail)) {
      rows.addAll(rows(shard));
    }
    return rows;
  }

  /** The rows of a pair. */
  static List<Row> rows(List<StoredFile> files) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (StoredSample sample : StoredShards.samples(MegatronIO.format(), files, 0)) {
      rows.add(Row.of(sample));
    }
    return rows;
  }

  /** What is wrong with a pair. */
  static List<String> findings(List<StoredFile> files, long vocabularySize) throws IOException {
    List<String> findings = new ArrayList<>();
    StoredShards.check(
        MegatronIO.format(), files, vocabularySize, each -> findings.add(each.toString()));
    return findings;
  }

  static void fail(Finding finding) {
    throw new AssertionError(finding);
  }

  /** A pair that the real builder wrote, or the test is skipped. */
  static Path golden(String name) {
    Path stem =
        Path.of(
            System.getProperty("millrace.home"),
            "..",
            "shared",
            "data",
            "golden",
            "megatron",
            name);
    assumeTrue(Files.exists(with(stem, ".idx")), "needs the reference pair " + name + ", not here");
    return stem;
  }
}
