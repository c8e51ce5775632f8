package org.millrace.io.hdf5;

import static org.millrace.io.stored.ReferenceFiles.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.millrace.io.column.Column;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;

/** Rows for tests, and files of them. */
final class Rows {

  static final int VOCABULARY = 32000;

  private Rows() {}

  /** A sequence of some ids of documents, then padding. */
  static PackedSequence sequence(int content, OptionalInt next, int... ids) {
    return new PackedSequence(
        OrderKey.natural(0, 1, 0),
        "0/0",
        TokenIds.of(ids),
        List.of(new Piece("web", content, true, true, content)),
        next);
  }

  /** Row {@code i} of the reference file, for any length. */
  static TokenRow row(int i, int length) {
    int[] ids = stream(1200 + i, length + 1, VOCABULARY);
    return TokenRow.of(sequence(length, OptionalInt.of(ids[length]), Arrays.copyOf(ids, length)));
  }

  static List<TokenRow> rows(int count, int length) {
    return IntStream.range(0, count).mapToObj(i -> row(i, length)).toList();
  }

  /** Writes a shard into a folder, as 0.h5, 1.h5, ... */
  static List<Path> write(Path folder, Hdf5Settings settings, List<TokenRow> rows)
      throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenRow> writer = Hdf5IO.rows(settings).open(scratch, rows.size())) {
      for (TokenRow row : rows) {
        writer.write(row);
      }
      List<LocalFile> files = writer.finish();
      Files.createDirectories(folder);
      for (LocalFile file : files) {
        Files.move(file.path(), folder.resolve(file.part() + file.extension()));
      }
      return files.stream().map(file -> folder.resolve(file.part() + file.extension())).toList();
    }
  }

  /** Writes rows to one file, with default settings. */
  static Path write(Path folder, int count, int length) throws IOException {
    return write(folder, Hdf5Settings.of(length, VOCABULARY), rows(count, length)).get(0);
  }

  static List<StoredFile> stored(Path path) throws IOException {
    return List.of(StoredShards.file(path, "a.h5"));
  }

  static ShardReader open(Path path) throws IOException {
    return Hdf5IO.format().open(stored(path));
  }

  static ShardReader.Contents check(Path path, List<Finding> findings) throws IOException {
    return StoredShards.check(Hdf5IO.format(), stored(path), VOCABULARY, findings::add);
  }

  /** The ids, masks and labels of a file's rows. */
  static List<List<TokenIds>> read(Path path) throws IOException {
    List<List<TokenIds>> lines = new ArrayList<>();
    for (StoredSample sample : StoredShards.samples(Hdf5IO.format(), stored(path), 0)) {
      List<TokenIds> row = new ArrayList<>();
      for (Column column : sample.columns()) {
        row.add(sample.ids(column.name(), "a.h5"));
      }
      lines.add(row);
    }
    return lines;
  }

  /** The ids, masks and labels that a file of these rows is to hold. */
  static List<List<TokenIds>> lines(List<TokenRow> rows) {
    return rows.stream().map(row -> List.of(row.tokens(), row.mask(), row.labels())).toList();
  }
}
