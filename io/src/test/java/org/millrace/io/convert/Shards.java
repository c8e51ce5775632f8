package org.millrace.io.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millrace.io.column.NextTokens;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.TokenIds;

/** Shards without a manifest, as others write them, for tests of conversions. */
final class Shards {

  private Shards() {}

  /** A row of which nothing is known but the tokens and how many documents end with it. */
  record Row(TokenIds tokens, int documentsEnded) implements TokenRow {

    static Row of(int... ids) {
      return new Row(TokenIds.of(ids), 1);
    }

    @Override
    public String id() {
      return "row";
    }

    @Override
    public TokenIds labels() {
      return NextTokens.labels(tokens, OptionalInt.empty());
    }

    @Override
    public TokenIds mask() {
      return NextTokens.mask(tokens.length(), tokens.length(), false);
    }

    @Override
    public int contentLength() {
      return tokens.length();
    }

    @Override
    public int[] documentEnds() {
      return new int[] {tokens.length()};
    }
  }

  /** Rows of one length. */
  static List<Row> sequences(Random random, int count, int length, int vocabulary) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(Row.of(random.ints(length, 0, vocabulary).toArray()));
    }
    return rows;
  }

  /** Rows of lengths from 1 on. */
  static List<Row> documents(Random random, int count, int vocabulary) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(Row.of(random.ints(1 + random.nextInt(40), 0, vocabulary).toArray()));
    }
    return rows;
  }

  /** Writes a shard into a folder, under the name that a dataset gives to it. */
  static void write(Path folder, ShardSink<TokenRow> sink, int shard, List<Row> rows)
      throws IOException {
    Files.createDirectories(folder);
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer = sink.open(scratch, rows.size())) {
      for (Row row : rows) {
        writer.write(row);
      }
      for (LocalFile file : writer.finish()) {
        ShardNaming.Place place =
            new ShardNaming.Place(shard, Optional.empty(), file.part(), shard, file.extension());
        Files.copy(file.path(), folder.resolve(sink.naming().fileName(place)));
      }
    }
  }

  /** The bytes of all files in a folder and below, by path, in hexadecimal. */
  static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (!Files.exists(folder)) {
      return files;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return files;
  }
}
