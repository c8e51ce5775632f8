package org.millrace.io.verify;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.document.InputCount;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.megatron.MegatronSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

class DatasetVerifierTest {

  private static final int LENGTH = 4;
  private static final int VOCABULARY = 100;
  private static final int HEADER_BYTES = 128;
  private static final String FIRST = "npy/shard-00000.npy";
  private static final String SECOND = "npy/shard-00001.npy";

  @TempDir private Path folder;

  @BeforeEach
  void writeDataset() throws IOException {
    Files.createDirectory(folder.resolve("npy"));
    Files.createDirectory(folder.resolve("failures"));
    Files.writeString(folder.resolve("failures/bad-00000.jsonl"), "{}\n");
    writeShard(FIRST, 3);
    writeShard(SECOND, 2);
    writeManifest(manifest());
  }

  private void writeShard(String path, int samples) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> writer =
            NpyIO.sequences(LENGTH, VOCABULARY).open(scratch, samples)) {
      for (int i = 0; i < samples; i++) {
        PackedSequence.Piece piece = new PackedSequence.Piece("s", LENGTH, true, true, 7);
        TokenIds ids = TokenIds.of(10 * i, 10 * i + 1, 10 * i + 2, 10 * i + 3);
        writer.write(
            new PackedSequence(
                new OrderKey(0, i), "0/" + i, ids, List.of(piece), OptionalInt.empty()));
      }
      Files.copy(writer.finish().get(0).path(), folder.resolve(path));
    }
  }

  private Manifest manifest() throws IOException {
    String recipe = "{\"a\":0.00001,\"b\":[1,null]}";
    return new Manifest(
        new ManifestHeader(
            recipe,
            sha256(recipe.getBytes(StandardCharsets.UTF_8)),
            new ManifestHeader.Tokenizer("t", "0".repeat(64), VOCABULARY)),
        List.of(new InputCount("in.jsonl", 50, 5)),
        new Ledger(
            List.of(
                new LedgerEntry("s", "read", "bad", 1, 0, 0),
                new LedgerEntry("s", "read", "read", 6, 35, 0),
                new LedgerEntry("s", "tokenize", "tokenized", 0, 0, 20),
                new LedgerEntry("s", "write", "written", 5, 35, 20))),
        List.of(output(5, 20, List.of(file(FIRST, 3), file(SECOND, 2)))));
  }

  private static Manifest.Output output(long samples, long tokens, List<Manifest.File> files) {
    return new Manifest.Output(
        "npy",
        "npy",
        samples,
        tokens,
        new TreeMap<>(Map.of("padding", 0L)),
        new TreeMap<>(Map.of("dtype", "uint16")),
        files);
  }

  private Manifest.File file(String path, long samples) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(path));
    return new Manifest.File(path, bytes.length, sha256(bytes), samples);
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(StableHash.sha256().digest(bytes));
  }

  private void writeManifest(Manifest manifest) throws IOException {
    Files.write(folder.resolve("manifest.json"), manifest.toJson());
  }

  private List<String> findings() throws IOException {
    List<String> found = new ArrayList<>();
    DatasetVerifier.verify(StoredDataset.open(folder.toString()))
        .forEach(finding -> found.add(finding.toString()));
    return found;
  }

  private void put(String path, int offset, int... values) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(path));
    for (int i = 0; i < values.length; i++) {
      bytes[offset + i] = (byte) values[i];
    }
    Files.write(folder.resolve(path), bytes);
  }

  @Test
  void findsNothingWrongWithASoundDataset() throws IOException {
    assertThat(findings(), is(empty()));
  }

  @Test
  void findsASingleChangedByte() throws IOException {
    put(FIRST, HEADER_BYTES + 4, 3);

    assertThat(findings(), hasSize(1));
    assertThat(findings().get(0), containsString(FIRST + ": SHA-256: expected "));
  }

  @Test
  void namesTheOffsetOfAnIdOutsideTheVocabulary() throws IOException {
    put(FIRST, HEADER_BYTES + 2 * (LENGTH + 1), 0xE8, 0x03);

    assertThat(
        findings(),
        hasItem(FIRST + ": offset 138: id of sample 1, token 1: expected 0..99, got 1000"));
  }

  @Test
  void tellsTheNumberOfFurtherFindings() throws IOException {
    put(FIRST, HEADER_BYTES, "\u00FF".repeat(24).chars().toArray());

    assertThat(findings(), hasItem(FIRST + ": and 2 more like these"));
    assertThat(findings(), hasSize(12));
  }

  @Test
  void findsAFileThatIsMissingOrTooMany() throws IOException {
    Files.delete(folder.resolve(SECOND));
    Files.createDirectory(folder.resolve(".temp-1"));
    Files.writeString(folder.resolve(".temp-1/x.npy"), "x");

    assertThat(
        findings(), contains(SECOND + ": is missing", ".temp-1/x.npy: is not in the manifest"));
  }

  @Test
  void findsATruncatedFile() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(FIRST));
    Files.write(folder.resolve(FIRST), java.util.Arrays.copyOf(bytes, bytes.length - 1));

    assertThat(findings(), hasItem(FIRST + ": bytes: expected 152, got 151"));
    assertThat(
        findings(),
        hasItem(FIRST + ": size for shape [3, 4] of uint16: expected 128 + 12 * 2, got 151"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 60, 127})
  void findsAFileThatEndsInItsHeader(int length) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(FIRST));
    Files.write(folder.resolve(FIRST), java.util.Arrays.copyOf(bytes, length));

    assertThat(findings(), hasSize(3));
  }

  @Test
  void findsADamagedHeader() throws IOException {
    put(FIRST, 1, 'X');

    assertThat(
        findings().toString(),
        containsString(
            FIRST + ": offset 0: expected the magic 93 \"NUMPY\", got 93 58 55 4d 50 59 01 00"));
  }

  @Test
  void findsAChangedTokenInOneOfSeveralFormats() throws IOException {
    String pair = "megatron/shard-00000_text_document";
    Files.createDirectory(folder.resolve("megatron"));
    writePair(pair, 13);
    Manifest sound = manifest();
    Manifest.Output npy = sound.outputs().get(0);
    writeManifest(with(sound, npy, pairs(pair)));
    assertThat(findings(), is(empty()));

    Files.delete(folder.resolve(pair + ".bin"));
    Files.delete(folder.resolve(pair + ".idx"));
    writePair(pair, 14);
    writeManifest(with(sound, npy, pairs(pair)));

    assertThat(
        findings(),
        contains("manifest.json: expected the same tokens in npy, megatron, got different ones"));
  }

  private static Manifest with(Manifest manifest, Manifest.Output... outputs) {
    return new Manifest(manifest.header(), manifest.inputs(), manifest.ledger(), List.of(outputs));
  }

  private Manifest.Output pairs(String pair) throws IOException {
    return new Manifest.Output(
        "megatron",
        "megatron",
        5,
        20,
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(file(pair + ".bin", 5), file(pair + ".idx", 5)));
  }

  /** The five samples of both shards of npy, with another token at the end of the second one. */
  private void writePair(String path, int token) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> writer =
            MegatronIO.sequences(MegatronSettings.of(VOCABULARY)).open(scratch, 5)) {
      for (int i : new int[] {0, 10, 20, 0, 10}) {
        int last = i == 10 ? token : i + 3;
        PackedSequence.Piece piece = new PackedSequence.Piece("s", LENGTH, true, true, 7);
        writer.write(
            new PackedSequence(
                new OrderKey(0, i),
                "0/" + i,
                TokenIds.of(i, i + 1, i + 2, last),
                List.of(piece),
                OptionalInt.empty()));
      }
      for (LocalFile file : writer.finish()) {
        Files.copy(file.path(), folder.resolve(path + file.extension()));
      }
    }
  }

  @Test
  void comparesSumsAndLedger() throws IOException {
    Manifest sound = manifest();
    writeManifest(
        new Manifest(
            sound.header(),
            sound.inputs(),
            new Ledger(
                List.of(
                    new LedgerEntry("s", "read", "read", 5, 35, 0),
                    new LedgerEntry("s", "tokenize", "tokenized", 0, 0, 19),
                    new LedgerEntry("s", "write", "written", 4, 35, 19))),
            List.of(output(6, 20, List.of(file(FIRST, 2), file(SECOND, 2))))));

    assertThat(
        findings(),
        contains(
            "manifest.json: ledger: source s: 5 documents came in, 4 are accounted for (-1)",
            FIRST + ": samples: expected 2, got 3",
            "manifest.json: samples of npy: expected 5, got 6",
            "manifest.json: tokens of npy: expected 19 as in the ledger, got 20 as in the ledger",
            "failures/: bad records: expected 0, got 1"));
  }

  @Test
  void findsAChangedRecipe() throws IOException {
    Path file = folder.resolve("manifest.json");
    Files.writeString(file, Files.readString(file).replace("0.00001", "0.00002"));

    assertThat(findings(), hasSize(1));
    assertThat(findings().get(0), containsString("manifest.json: recipe_sha256: expected "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x.npy", "/etc/passwd", "npy/../../x", "npy/*", "npy\\\\x", "a//b"})
  void followsNoPathOutOfTheDataset(String path) throws IOException {
    Path file = folder.resolve("manifest.json");
    Files.writeString(file, Files.readString(file).replace(SECOND, path));

    String shown =
        Manifest.parse(Files.readAllBytes(file), "m").outputs().get(0).files().get(1).path();
    assertThat(findings(), hasItem(shown + ": is missing"));
    assertThat(findings(), hasItem(SECOND + ": is not in the manifest"));
  }

  @Test
  void refusesAFolderWithoutManifest() throws IOException {
    Files.delete(folder.resolve("manifest.json"));

    FileNotFoundException e = assertThrows(FileNotFoundException.class, this::findings);
    assertThat(e.getMessage(), containsString("expected a manifest.json, got none"));
  }

  @Test
  void readsSamplesByTheirNumberOverAllShards() throws IOException {
    StoredDataset dataset = StoredDataset.open(folder.toString());
    Manifest.Output output = dataset.manifest().outputs().get(0);

    assertThat(dataset.sample(output, 2).ids("tokens", "2"), is(TokenIds.of(20, 21, 22, 23)));
    assertThat(dataset.sample(output, 3).ids("tokens", "3"), is(TokenIds.of(0, 1, 2, 3)));
    IOException e = assertThrows(IOException.class, () -> dataset.sample(output, 5));
    assertThat(e.getMessage(), is("expected a sample in 0..4, got 5"));
  }
}
