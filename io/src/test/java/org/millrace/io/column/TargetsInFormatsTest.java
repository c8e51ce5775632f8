package org.millrace.io.column;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Settings;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.megatron.MegatronSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.python.Python;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardNaming;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.AnnotatedSequence;
import org.millrace.transforms.data.AnnotatedWindow;
import org.millrace.transforms.data.Half;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TopKLogits;

/** A teacher's targets in every format: written, read again, opened by others, and damaged. */
class TargetsInFormatsTest {

  private static final int LENGTH = 6;
  private static final int K = 2;
  private static final int ROWS = 5;
  private static final int VOCABULARY = 100;

  @TempDir Path folder;

  private static TopKLogits targets(int row, int positions, int k) {
    int[] ids = new int[positions * k];
    short[] values = new short[positions * (k + 1)];
    for (int i = 0; i < positions; i++) {
      double left = 1;
      for (int rank = 0; rank < k; rank++) {
        ids[i * k + rank] = (row + 11 * i + 31 * rank) % VOCABULARY;
        double value = left / (rank == 0 ? 1.5 : 4);
        values[i * (k + 1) + rank] = Half.of(value);
        left -= value;
      }
      values[i * (k + 1) + k] = Half.of(left);
    }
    return TopKLogits.wrap(k, ids, values);
  }

  private static AnnotatedSequence row(int row) {
    int[] ids = new int[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      ids[i] = (7 * row + i) % VOCABULARY;
    }
    return new AnnotatedSequence(
        new PackedSequence(
            new OrderKey(row, 0),
            "0/" + row,
            TokenIds.wrap(ids),
            List.of(new Piece("s", LENGTH, true, true, 9)),
            OptionalInt.empty()),
        targets(row, LENGTH, K));
  }

  private static ShardSink<AnnotatedSequence> sink(String format) {
    List<RowColumn> arrays = TargetColumns.of(LENGTH, K, DType.INT32);
    ShardSink<TokenRow> rows =
        switch (format) {
          case "npy" -> NpyIO.sequenceRows(LENGTH, VOCABULARY, DType.UINT16, arrays);
          case "hdf5" -> Hdf5IO.rows(Hdf5Settings.of(LENGTH, VOCABULARY), arrays);
          case "megatron" -> MegatronIO.sequenceRows(MegatronSettings.of(VOCABULARY), arrays);
          default -> MdsIO.rows(VOCABULARY, DType.UINT16, Set.of(), arrays, MdsSettings.standard());
        };
    return rows.of(TokenRow::of);
  }

  private static StoredFormat format(String format) {
    return switch (format) {
      case "npy" -> NpyIO.format();
      case "hdf5" -> Hdf5IO.format();
      case "megatron" -> MegatronIO.format();
      default -> MdsIO.format();
    };
  }

  private <T> void write(ShardSink<T> sink, List<T> samples) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<T> writer = sink.open(scratch, samples.size())) {
      for (T sample : samples) {
        writer.write(sample);
      }
      for (LocalFile file : writer.finish()) {
        ShardNaming.Place place =
            new ShardNaming.Place(0, Optional.empty(), file.part(), 0, file.extension());
        Files.copy(file.path(), folder.resolve(sink.naming().fileName(place)));
      }
    }
  }

  private void write(String format) throws IOException {
    List<AnnotatedSequence> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(i));
    }
    write(sink(format), rows);
    if (format.equals("mds")) {
      Files.write(
          folder.resolve("index.json"), MdsIO.rebuildIndex(StoredFolder.list(folder.toString())));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> check(String format) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<List<StoredFile>> shards =
        format(format).shards(StoredFolder.list(folder.toString()), findings::add);
    for (List<StoredFile> shard : shards) {
      try (ShardReader reader = format(format).open(shard)) {
        reader.check(VOCABULARY, findings::add);
      } catch (IOException e) {
        findings.add(new Finding("", e.getMessage()));
      }
    }
    return findings.stream().map(Finding::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "npy | shard-00000.npy shard-00000.target_index.npy shard-00000.target_prob.npy",
        "hdf5 | data-00000.h5",
        "mds | index.json shard.00000.mds",
        "megatron | shard-00000_text_document.bin shard-00000_text_document.idx"
            + " shard-00000_text_document.target_index.bin"
            + " shard-00000_text_document.target_index.idx"
            + " shard-00000_text_document.target_prob.bin"
            + " shard-00000_text_document.target_prob.idx"
      })
  void filesAreSound(String format, String names) throws IOException {
    write(format);

    assertThat(files(), equalTo(List.of(names.split(" "))));
    assertThat(check(format), empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"npy", "hdf5", "mds"})
  void comeBackAsTheyWere(String format) throws IOException {
    write(format);

    List<List<StoredFile>> shards =
        format(format).shards(StoredFolder.list(folder.toString()), finding -> {});
    assertThat(shards, hasSize(1));
    try (ShardReader reader = format(format).open(shards.get(0));
        SampleCursor samples = reader.read(3)) {
      for (int number = 3; number < ROWS; number++) {
        StoredSample sample = samples.next().orElseThrow();
        TopKLogits expected = row(number).targets();
        assertThat(sample.ids("tokens", ""), equalTo(row(number).sequence().tokens()));
        NdArray index = (NdArray) sample.value(sample.index("target_index").orElseThrow());
        NdArray values = (NdArray) sample.value(sample.index("target_prob").orElseThrow());
        assertThat(index, equalTo(TargetColumns.index(expected, DType.INT32, "")));
        assertThat(values, equalTo(TargetColumns.values(expected)));
      }
      assertThat(samples.next().isEmpty(), equalTo(true));
    }
  }

  /** A value that is too large is found in any format, without any digest. */
  @ParameterizedTest
  @CsvSource({"npy", "hdf5", "mds", "megatron"})
  void damagedValuesAreFound(String format) throws IOException {
    Map<String, String> names =
        Map.of(
            "npy", "shard-00000.target_prob.npy",
            "hdf5", "data-00000.h5",
            "mds", "shard.00000.mds",
            "megatron", "shard-00000_text_document.target_prob.bin");
    if (format.equals("hdf5")) {
      List<RowColumn> arrays = TargetColumns.of(LENGTH, K, DType.INT32);
      ShardSink<TokenRow> plain =
          Hdf5IO.rows(Hdf5Settings.of(LENGTH, VOCABULARY).withGzipLevel(0), arrays);
      write(plain.<AnnotatedSequence>of(TokenRow::of), List.of(row(0), row(1)));
    } else {
      write(format);
    }
    Path file = folder.resolve(names.get(format));
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer first = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    boolean wide = format.equals("megatron");
    for (int rank = 0; rank < 2; rank++) {
      double value = row(1).targets().value(0, rank);
      if (wide) {
        first.putFloat((float) value);
      } else {
        first.putShort(Half.of(value));
      }
    }
    int at = find(bytes, first.flip());
    bytes[at + (wide ? 3 : 1)] = 0;
    Files.write(file, bytes);

    assertThat(check(format), not(empty()));
    assertThat(check(format).get(0), containsString("targets: position 0: "));
  }

  private static int find(byte[] bytes, ByteBuffer wanted) {
    for (int at = 0; at + wanted.remaining() <= bytes.length; at++) {
      if (ByteBuffer.wrap(bytes, at, wanted.remaining()).slice().equals(wanted)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  @ParameterizedTest
  @CsvSource({
    "npy, shard-00000.target_prob.npy",
    "megatron, shard-00000_text_document.target_prob.idx"
  })
  void aFileThatIsMissingIsFound(String format, String name) throws IOException {
    write(format);
    Files.delete(folder.resolve(name));

    assertThat(check(format).toString(), containsString(name + ", got none"));
  }

  @Test
  void anArrayOfFewerSamplesIsRefused() throws IOException {
    write("npy");
    Path other = folder.resolve("shard-00000.target_index.npy");
    byte[] bytes = Files.readAllBytes(other);
    String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
    byte[] fewer = header.replace("(5, 6, 2)", "(4, 6, 2)").getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(fewer, 0, bytes, 0, 128);
    Files.write(other, Arrays.copyOf(bytes, bytes.length - 6 * 2 * 4));

    assertThat(check("npy").toString(), containsString("as many samples as the tokens"));
  }

  @Test
  void numpyOpensTheArraysBeside() throws Exception {
    Python python = Python.orSkip("numpy");
    write("npy");
    write("megatron");

    String printed =
        python.run(
            """
            import sys, numpy
            i = numpy.load(sys.argv[1] + "/shard-00000.target_index.npy")
            p = numpy.load(sys.argv[1] + "/shard-00000.target_prob.npy")
            print(i.shape, i.dtype, p.shape, p.dtype, i[4, 5].tolist(), p[4, 5].tolist())
            stem = sys.argv[1] + "/shard-00000_text_document."
            m = numpy.fromfile(stem + "target_prob.bin", numpy.float32).reshape(p.shape)
            n = numpy.fromfile(stem + "target_index.bin", numpy.int32).reshape(i.shape)
            print((m == p).all(), (n == i).all())
            """,
            folder);

    TopKLogits last = row(4).targets();
    assertThat(
        printed,
        equalTo(
            "(5, 6, 2) int32 (5, 6, 3) float16 [%d, %d] [%s, %s, %s]\nTrue True\n"
                .formatted(
                    last.ids().get(10),
                    last.ids().get(11),
                    last.value(5, 0),
                    last.value(5, 1),
                    last.value(5, 2))));
  }

  @Test
  void h5pyOpensTheDatasetsBeside() throws Exception {
    Python python = Python.orSkip("h5py", "numpy");
    write("hdf5");

    String printed =
        python.run(
            """
            import sys, h5py
            f = h5py.File(sys.argv[1] + "/data-00000.h5")
            i, p = f["target_index"], f["target_prob"]
            print(sorted(f), i.shape, i.dtype, p.shape, p.dtype, i[4, 5].tolist(), p[4, 5, 0])
            """,
            folder);

    TopKLogits last = row(4).targets();
    assertThat(
        printed,
        equalTo(
            "['data', 'target_index', 'target_prob'] (5, 6, 2) int32 (5, 6, 3) float16 [%d, %d] %s\n"
                .formatted(
                    last.ids().get(10),
                    last.ids().get(11),
                    last.value(5, 0) == 0.66650390625 ? "0.6665" : last.value(5, 0))));
  }

  private static AnnotatedWindow window(int number, int positions, int k) {
    return new AnnotatedWindow(
        new OrderKey(0, number),
        "arxiv",
        number,
        TokenIds.of(),
        TokenIds.of(),
        targets(number, positions, k));
  }

  /** CEPE's 618,828 bytes: 2048 · 51 · 2 + 2048 · 50 · 4, twice 162 of a pickle, two lengths. */
  @Test
  void pickledTargetsTakeWhatTheOriginalsTake() throws IOException {
    ShardSink<AnnotatedWindow> sink =
        MdsIO.targets(DType.INT32, true, Set.of(), MdsSettings.standard());
    List<Long> sizes = new ArrayList<>();
    for (int count = 1; count <= 2; count++) {
      List<AnnotatedWindow> windows = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        windows.add(window(i, 2048, 50));
      }
      write(sink, windows);
      Path file = folder.resolve("shard.00000.mds");
      sizes.add(Files.size(file));
      Files.delete(file);
    }

    int offset = 4;
    int domain = 4 + "arxiv".length();
    int index = 8;
    assertThat(sizes.get(1) - sizes.get(0), equalTo(618_828L + offset + domain + index));
  }

  @Test
  void pythonUnpicklesTheTargets() throws Exception {
    Python python = Python.orSkip("numpy");
    write(
        MdsIO.targets(DType.INT32, true, Set.of(), MdsSettings.standard()),
        List.of(window(0, 4, 3), window(1, 4, 3)));

    // What streaming's MDSReader does: offsets, then lengths of all columns but the int, then
    // values.
    String printed =
        python.run(
            """
            import sys, pickle, struct
            raw = open(sys.argv[1] + "/shard.00000.mds", "rb").read()
            n, = struct.unpack_from("<I", raw)
            begin, end = struct.unpack_from("<II", raw, 4 + 4)
            sample = raw[begin:end]
            sizes = struct.unpack_from("<III", sample)
            at = 12
            domain = sample[at:at + sizes[0]].decode(); at += sizes[0]
            index, = struct.unpack_from("<q", sample, at); at += 8
            i = pickle.loads(sample[at:at + sizes[1]]); at += sizes[1]
            p = pickle.loads(sample[at:at + sizes[2]])
            print(n, domain, index, i.shape, i.dtype, p.shape, p.dtype, i[3].tolist())
            """,
            folder);

    TokenIds ids = window(1, 4, 3).targets().ids();
    assertThat(
        printed,
        equalTo(
            "2 arxiv 1 (4, 3) int32 (4, 4) float16 [%d, %d, %d]\n"
                .formatted(ids.get(9), ids.get(10), ids.get(11))));
  }

  @Test
  void anIdThatDoesNotFitIsRefused() {
    TopKLogits targets = TopKLogits.wrap(1, new int[] {70_000}, new short[] {1, 2});

    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> TargetColumns.index(targets, DType.UINT16, "arxiv/3"))
            .getMessage(),
        containsString("arxiv/3: token id 70000 does not fit: dtype uint16"));
  }

  @Test
  void logarithmsAreSoundToo() {
    TreeMap<String, short[]> cases = new TreeMap<>();
    cases.put("", halves(Math.log(0.5), Math.log(0.3), Math.log(0.2)));
    cases.put(" ", halves(0, -20, Double.NEGATIVE_INFINITY));
    cases.put(
        "expected probabilities of 1 in all, got 0.7999",
        halves(Math.log(0.5), Math.log(0.3), -30));
    cases.put(
        "value 1: expected no more than the one before",
        halves(Math.log(0.3), Math.log(0.5), Math.log(0.2)));
    cases.forEach(
        (problem, values) -> {
          TopKLogits targets = TopKLogits.wrap(2, new int[] {4, 9}, values);
          String found =
              TargetColumns.problem(
                      TargetColumns.index(targets, DType.INT32, ""), TargetColumns.values(targets))
                  .orElse("");
          assertThat(found, containsString(problem.trim()));
          assertThat(found.isEmpty(), equalTo(problem.isBlank()));
        });
  }

  private static short[] halves(double... values) {
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = Half.of(values[i]);
    }
    return halves;
  }
}
