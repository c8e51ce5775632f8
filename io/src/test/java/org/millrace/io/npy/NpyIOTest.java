package org.millrace.io.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.millrace.io.stored.ReferenceFiles.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.python.Python;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class NpyIOTest {

  /** Prints dtype, shape and all values, once loaded and once mapped. */
  private static final String LOAD =
      """
      import sys, numpy
      for mode in None, "r":
          array = numpy.load(sys.argv[1], mmap_mode=mode)
          print(type(array).__name__, array.dtype, array.shape, array.tolist())
      """;

  @TempDir private Path folder;

  private static PackedSequence sequence(String id, int content, int... ids) {
    return new PackedSequence(
        OrderKey.natural(0, 1, 0),
        id,
        TokenIds.of(ids),
        List.of(new Piece("web", content, true, true, content)),
        OptionalInt.empty());
  }

  private static TokenizedDocument document(String id, int... ids) {
    return new TokenizedDocument(
        OrderKey.natural(0, 1, 0), id, "web", ids.length, TokenIds.of(ids));
  }

  private static Path golden(String name) {
    Path path =
        Path.of(System.getProperty("millrace.home"), "..", "shared", "data", "golden", "npy", name);
    assumeTrue(Files.exists(path), "needs the reference file " + name + ", which is not here");
    return path;
  }

  private <T> Path write(ShardSink<T> sink, List<T> samples) throws IOException {
    Path path = folder.resolve("shard.npy");
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<T> writer = sink.open(scratch, samples.size())) {
      for (T sample : samples) {
        writer.write(sample);
      }
      Files.copy(writer.finish().get(0).path(), path);
    }
    return path;
  }

  private static List<StoredFile> stored(Path path) throws IOException {
    return List.of(StoredShards.file(path, "a.npy"));
  }

  @Test
  void sequencesEqualThoseOfNumpy() throws IOException {
    List<PackedSequence> sequences =
        IntStream.range(0, 40)
            .mapToObj(i -> sequence("0/" + i, 128, stream(1700 + i, 128, 50257)))
            .toList();

    Path written = write(NpyIO.sequences(128, 50257), sequences);

    assertThat(Files.mismatch(written, golden("sequences-uint16.npy")), equalTo(-1L));
  }

  @Test
  void documentsEqualThoseOfCepe() throws IOException {
    List<TokenizedDocument> documents = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      int[] middle = stream(1600 + i, 5 + 11 * i % 50, 32000);
      int[] ids = new int[middle.length + 2];
      ids[0] = 1;
      System.arraycopy(middle, 0, ids, 1, middle.length);
      ids[ids.length - 1] = 2;
      documents.add(document("d:" + i, ids));
    }

    Path written = write(NpyIO.documents(32000), documents);

    assertThat(Files.mismatch(written, golden("cepe-int64.npy")), equalTo(-1L));
  }

  @Test
  void numpyLoadsTheLargestIdOfTwoBytes() throws Exception {
    Path written =
        write(
            NpyIO.sequences(3, 65_536),
            List.of(sequence("0/0", 3, 0, 65_535, 32_768), sequence("0/1", 3, 1, 2, 3)));

    String printed = Python.orSkip("numpy").run(LOAD, written);

    assertThat(
        printed,
        equalTo(
            "ndarray uint16 (2, 3) [[0, 65535, 32768], [1, 2, 3]]\n"
                + "memmap uint16 (2, 3) [[0, 65535, 32768], [1, 2, 3]]\n"));
  }

  @Test
  void numpyLoadsIdsOfALargerVocabulary() throws Exception {
    Path written =
        write(
            NpyIO.sequences(2, 65_537),
            List.of(sequence("0/0", 2, 65_536, 65_535), sequence("0/1", 2, 0, 1)));

    String printed = Python.orSkip("numpy").run(LOAD, written);

    assertThat(
        printed,
        equalTo(
            "ndarray int32 (2, 2) [[65536, 65535], [0, 1]]\n"
                + "memmap int32 (2, 2) [[65536, 65535], [0, 1]]\n"));
  }

  @Test
  void numpyLoadsDocuments() throws Exception {
    Path written =
        write(
            NpyIO.documents(200_000),
            List.of(document("d:0", 1, 199_999, 2), document("d:1", 1, 2)));

    String printed = Python.orSkip("numpy").run(LOAD, written);

    assertThat(
        printed.lines().toList(),
        equalTo(
            List.of(
                "ndarray int64 (8,) [2, 3, 2, 1, 199999, 2, 1, 2]",
                "memmap int64 (8,) [2, 3, 2, 1, 199999, 2, 1, 2]")));
  }

  /** More than one buffer of the writer: 300,000 tokens of 2, 4 and 8 bytes. */
  @Test
  void readsBackWhatItWrote() throws IOException {
    for (int vocabularySize : new int[] {65_536, 100_000}) {
      List<PackedSequence> sequences =
          IntStream.range(0, 30)
              .mapToObj(i -> sequence("0/" + i, 9_000, stream(i, 10_000, vocabularySize)))
              .toList();
      ShardSink<PackedSequence> sink = NpyIO.sequences(10_000, vocabularySize);
      Path written = write(sink, sequences);
      List<TokenIds> tokens = sequences.stream().map(PackedSequence::tokens).toList();
      List<Finding> findings = new ArrayList<>();

      assertThat(
          StoredShards.check(NpyIO.format(), stored(written), vocabularySize, findings::add),
          equalTo(new ShardReader.Contents(30, StoredShards.digest(tokens))));
      assertThat(findings, empty());
      assertThat(StoredShards.tokens(NpyIO.format(), stored(written), 0), equalTo(tokens));
      assertThat(
          StoredShards.tokens(NpyIO.format(), stored(written), 11),
          equalTo(tokens.subList(11, 30)));
      Files.delete(written);
    }
  }

  @Test
  void readsBackDocumentsOfAnyLength() throws IOException {
    List<TokenizedDocument> documents =
        IntStream.range(0, 2_000)
            .mapToObj(i -> document("d:" + i, stream(i, 1 + i % 300, 100_000)))
            .toList();
    ShardSink<TokenizedDocument> sink = NpyIO.documents(100_000);
    Path written = write(sink, documents);

    List<TokenIds> tokens = documents.stream().map(TokenizedDocument::tokens).toList();
    assertThat(
        StoredShards.check(NpyIO.format(), stored(written), 100_000, f -> {}),
        equalTo(new ShardReader.Contents(2_000, StoredShards.digest(tokens))));
    assertThat(
        StoredShards.tokens(NpyIO.format(), stored(written), 1_299),
        equalTo(tokens.subList(1_299, 2_000)));
  }

  @Test
  void countsPaddingApart() throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> writer = NpyIO.sequences(4, 10).open(scratch, 2)) {
      writer.write(sequence("0/0", 4, 1, 2, 3, 4));
      writer.write(sequence("0/1", 1, 5, 0, 0, 0));
      writer.finish();

      assertThat(writer.counts(), equalTo(Map.of("tokens", 5L, "padding", 3L)));
    }
  }

  @Test
  void refusesAnIdThatDoesNotFit() {
    IllegalArgumentException sequence =
        assertThrows(
            IllegalArgumentException.class,
            () -> write(NpyIO.sequences(2, 65_536), List.of(sequence("3/7", 2, 1, 65_536))));
    IllegalArgumentException document =
        assertThrows(
            IllegalArgumentException.class,
            () -> write(NpyIO.documents(50_257), List.of(document("a.jsonl:9", 50_257))));

    assertThat(
        sequence.getMessage(),
        equalTo(
            "3/7: token id 65536 does not fit: the vocabulary has 65536 entries, dtype uint16"));
    assertThat(
        document.getMessage(),
        equalTo(
            "a.jsonl:9: token id 50257 does not fit: the vocabulary has 50257 entries, dtype"
                + " int64"));
  }

  @Test
  void refusesASequenceOfAnotherLength() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> write(NpyIO.sequences(3, 10), List.of(sequence("0/5", 2, 1, 2))));

    assertThat(e.getMessage(), equalTo("0/5: expected 3 tokens, got 2"));
  }

  @Test
  void refusesAnotherNumberOfSamples() throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> sequences = NpyIO.sequences(2, 10).open(scratch, 2);
        ShardWriter<TokenizedDocument> documents = NpyIO.documents(10).open(scratch, 0)) {
      sequences.write(sequence("0/0", 2, 1, 2));
      documents.write(document("d:0", 1));

      assertThat(
          assertThrows(IllegalStateException.class, sequences::finish).getMessage(),
          containsString("expected 2 samples, got 1"));
      assertThat(
          assertThrows(IllegalStateException.class, documents::finish).getMessage(),
          containsString("expected 0 samples, got 1"));
    }
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> NpyIO.sequences(0, 10)).getMessage(),
        equalTo("length must be 1 or more, was 0"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> NpyIO.sequences(2, 0)).getMessage(),
        equalTo("vocabularySize must be 1 or more, was 0"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> NpyIO.documents(-1)).getMessage(),
        equalTo("vocabularySize must be 1 or more, was -1"));
  }
}
