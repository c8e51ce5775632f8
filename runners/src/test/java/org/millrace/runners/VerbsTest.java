package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;

/** The verbs for stored files, on files that no manifest describes. */
class VerbsTest {

  private static final int HEADER = 128;

  @TempDir private Path temp;
  private Path source;

  private record Result(int status, String out, String err) {}

  private static Result run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of(arguments).stream().map(Object::toString).toList());
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Two shards: sample 0 is 0 1 2 3, sample 1 is 10 11 12 13, and so on to sample 4. */
  @BeforeEach
  void writeShards() throws IOException {
    source = Files.createDirectories(temp.resolve("source"));
    writeShard("a.npy", 0, 3);
    writeShard("b.npy", 3, 5);
  }

  private void writeShard(String name, int from, int to) throws IOException {
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<PackedSequence> writer = NpyIO.sequences(4, 100).open(scratch, to - from)) {
      for (int i = from; i < to; i++) {
        TokenIds ids = TokenIds.of(10 * i, 10 * i + 1, 10 * i + 2, 10 * i + 3);
        writer.write(
            new PackedSequence(
                new OrderKey(0, i),
                "0/" + i,
                ids,
                List.of(new PackedSequence.Piece("", 4, true, true, 0)),
                OptionalInt.empty()));
      }
      Files.copy(writer.finish().get(0).path(), source.resolve(name));
    }
  }

  private Path convert(String to, String output, Object... more) {
    Path target = temp.resolve(output);
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = "convert";
    arguments[1] = source;
    arguments[2] = "--to=" + to;
    arguments[3] = "--output=" + target;
    System.arraycopy(more, 0, arguments, 4, more.length);
    Result result = run(arguments);
    assertThat(result.err + result.out, result.status, is(0));
    return target;
  }

  @Test
  void verifyChecksFilesOfOthers() {
    Result result = run("verify", source);

    assertThat(result.err, result.status, is(0));
    assertThat(result.out, containsString("npy: 2 shards, 5 samples, 20 tokens"));
    assertThat(result.out, containsString("were not compared with a vocabulary"));
    assertThat(result.out, containsString("sound: 2 shards are whole"));
  }

  @Test
  void verifyComparesIdsWithTheVocabulary() {
    Result sound = run("verify", source, "--vocabulary-size=44");
    assertThat(sound.out, sound.status, is(0));
    assertThat(sound.out, not(containsString("were not compared")));

    Result damaged = run("verify", source, "--vocabulary-size=43");
    assertThat(damaged.status, is(1));
    assertThat(
        damaged.out,
        startsWith("b.npy: offset 142: id of sample 1, token 3: expected 0..42, got 43"));
    assertThat(damaged.out, containsString("damaged: 1 finding"));
  }

  @Test
  void verifyTellsTheFirstFindingsOfEachShardInTheirOrder() {
    Result result = run("verify", source, "--vocabulary-size=1");

    List<String> lines = result.out.lines().toList();
    assertThat(lines.get(0), startsWith("a.npy: offset 130"));
    assertThat(lines.get(10), is("a.npy: and 1 more like these"));
    assertThat(lines.get(11), startsWith("b.npy: offset 128"));
  }

  @ParameterizedTest
  @CsvSource({"verify", "inspect", "repair"})
  void nothingToLookAtIsAMatterOfUsage(String verb) throws IOException {
    Files.writeString(temp.resolve("readme.txt"), "x");

    assertThat(run(verb, temp.resolve("readme.txt")).status, is(2));
    assertThat(run(verb, temp.resolve("none")).status, is(2));
    assertThat(run(verb, temp.resolve("none")).err, containsString("expected a file or a folder"));
  }

  @Test
  void verifyComparesFormatsWhenItIsAsked() throws IOException {
    Path both = Files.createDirectories(temp.resolve("both"));
    Files.move(convert("megatron", "pairs").resolve("megatron"), both.resolve("megatron"));
    Files.move(source, both.resolve("npy"));
    assertThat(run("verify", both, "--same-tokens").status, is(0));

    Path shard = both.resolve("npy/a.npy");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[HEADER] ^= 1;
    Files.write(shard, bytes);

    assertThat(run("verify", both).status, is(0));
    Result compared = run("verify", both, "--same-tokens");
    assertThat(compared.status, is(1));
    assertThat(compared.out, containsString("expected the same tokens in npy, megatron"));
  }

  @Test
  void inspectShowsWhatFilesSayOfThemselves() {
    Result result = run("inspect", source);

    assertThat(result.err, result.status, is(0));
    assertThat(result.out, containsString("2 shards, 5 samples, 20 tokens"));
    assertThat(result.out, containsString("tokens ndarray:uint16:4"));
    assertThat(result.out, containsString("a.npy"));
  }

  @Test
  void inspectShowsASampleOverAllShards() {
    Result result = run("inspect", source, "--sample=3");

    assertThat(result.err, result.status, is(0));
    assertThat(result.out, containsString("npy, sample 3 of 5: 4 tokens"));
    assertThat(result.out, containsString("ids 30 31 32 33"));
    assertThat(run("inspect", source, "--sample=5").status, is(2));
  }

  @Test
  void inspectTakesAFileOrAPrefix() {
    Path pairs = convert("megatron", "pairs");

    assertThat(run("inspect", source.resolve("b.npy")).out, containsString("1 shard, 2 samples"));
    Result prefix = run("inspect", pairs.resolve("megatron/shard-00001_text_document"));
    assertThat(prefix.out, containsString("1 shard, 2 samples"));
    Result sample =
        run("inspect", pairs.resolve("megatron/shard-00001_text_document.bin"), "--sample=1");
    assertThat(sample.out, containsString("ids 40 41 42 43"));
    assertThat(sample.out, containsString("documents_ended: 1"));
  }

  @Test
  void inspectTellsOfAShardThatCannotBeRead() throws IOException {
    Files.writeString(source.resolve("c.npy"), "nonsense");

    Result result = run("inspect", source);

    assertThat(result.status, is(1));
    assertThat(result.out, containsString("damaged: c.npy: "));
  }

  @Test
  void namesOfFilesDoNotSteerTheTerminal() throws IOException {
    Files.writeString(source.resolve("\u001b[31m.npy"), "nonsense");

    assertThat(run("verify", source).out, not(containsString("\u001b")));
    assertThat(run("inspect", source).out, not(containsString("\u001b")));
  }

  @Test
  void convertSealsAndVerifies() {
    Path out = convert("megatron", "out", "--shards=1");

    assertThat(Files.exists(out.resolve("manifest.json")), is(true));
    assertThat(run("verify", out).status, is(0));
    assertThat(run("inspect", out).out, containsString("megatron"));
    assertThat(run("inspect", out, "--sample=4").out, containsString("ids 40 41 42 43"));
  }

  @Test
  void convertSaysWhatItDid() {
    Result result = run("convert", source, "--to=hdf5", "--output=" + temp.resolve("out"));

    assertThat(result.err, result.status, is(0));
    assertThat(result.out, containsString("5 samples of npy ("));
    assertThat(result.out, containsString("2 shards of hdf5"));
    assertThat(result.out, containsString("5 samples, 20 tokens, "));
    assertThat(result.out, containsString("sound: read again"));
    Result back =
        run(
            "convert",
            temp.resolve("out"),
            "--to=npy",
            "--dtype=uint16",
            "--output=" + temp.resolve("back"));
    assertThat(back.out, containsString("not kept by npy: labels, mask"));
  }

  @Test
  void convertRefusesAnOutputThatIsThereUntilToldOtherwise() {
    convert("npy", "out");

    Result refused = run("convert", source, "--to=npy", "--output=" + temp.resolve("out"));
    assertThat(refused.status, is(2));
    assertThat(refused.err, containsString("is already done"));
    convert("megatron", "out", "--overwrite");
    assertThat(Files.exists(temp.resolve("out/npy/shard-00000.npy")), is(false));
  }

  @Test
  void convertNeverClearsItsSource() {
    Path out = convert("npy", "out");

    for (Path target : List.of(out, out.resolve("npy"), temp)) {
      Result result =
          run("convert", out.resolve("npy"), "--to=megatron", "--output=" + target, "--overwrite");
      assertThat(result.status, is(2));
      assertThat(result.err, containsString(" lies in the "));
    }
    assertThat(run("verify", out).status, is(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --to=npz             | error: to must be npy, megatron, hdf5 or mds, was npz
          --to=npy --dtype=x   | error: --dtype is x, must be
          --to=npy --layout=x  | error: --layout is x, must be sequences or documents
          --to=npy --set=npy   | error: --set=npy: must be FORMAT.KEY=VALUE
          --to=npy --set=npy.a=b | error: there is no option npy.a; the format has none
          --to=npy --from=mds  | from must be npy, was mds
          --to=npy --shards=0  | error: shards must be in 1..100000, was 0
          --to=npy --column=x  | expected token ids in a column x, got the columns tokens
          """)
  void convertSaysWhatIsWrongBeforeItBegins(String options, String message) {
    List<Object> arguments =
        new ArrayList<>(List.of("convert", source, "--output=" + temp.resolve("out")));
    arguments.addAll(List.of(options.split(" ")));

    Result result = run(arguments.toArray());

    assertThat(result.err, containsString(message));
    assertThat(Files.exists(temp.resolve("out")), is(false));
  }

  @Test
  void convertLeavesNoManifestWhenTheSourceIsDamaged() throws IOException {
    Path documents = temp.resolve("documents");
    run("convert", source, "--to=npy", "--layout=documents", "--output=" + documents);
    Path last = documents.resolve("npy/shard-00001.npy");
    byte[] bytes = Files.readAllBytes(last);
    bytes[HEADER + 2 * 2] = 99;
    Files.write(last, bytes);

    Result result = run("convert", documents, "--to=megatron", "--output=" + temp.resolve("out"));

    assertThat(result.status, is(1));
    assertThat(result.err, containsString("npy/shard-00001.npy: "));
    assertThat(Files.exists(temp.resolve("out/manifest.json")), is(false));
  }

  @Test
  void repairPutsPointersRight() throws IOException {
    Path out = convert("megatron", "out");
    Path idx = out.resolve("megatron/shard-00001_text_document.idx");
    byte[] sound = Files.readAllBytes(idx);
    byte[] damaged = sound.clone();
    damaged[34 + 4 * 2 + 8] ^= 1;
    Files.write(idx, damaged);
    assertThat(run("verify", out).status, is(1));

    Result repaired = run("repair", out.resolve("megatron"));

    assertThat(repaired.err, repaired.status, is(0));
    assertThat(repaired.out, containsString("shard-00000_text_document.idx: sound"));
    assertThat(
        repaired.out, containsString("shard-00001_text_document.idx: written anew: 2 sequences"));
    assertThat(Files.readAllBytes(idx), is(sound));
    Path kept = out.resolve("megatron/shard-00001_text_document.idx.damaged");
    assertThat(Files.readAllBytes(kept), is(damaged));
    Files.delete(kept);
    assertThat(run("verify", out).status, is(0));
    assertThat(run("repair", out).out, containsString("nothing to do"));
  }

  @Test
  void repairRefusesWhatItCannotKnow() throws IOException {
    Path out = convert("megatron", "out");
    Path bin = out.resolve("megatron/shard-00001_text_document.bin");
    byte[] bytes = Files.readAllBytes(bin);
    Files.write(bin, Arrays.copyOf(bytes, bytes.length - 2));

    Result result = run("repair", out);

    assertThat(result.status, is(1));
    assertThat(result.out, containsString("cannot be repaired: "));
  }

  @Test
  void repairMakesALostIndexAnew() throws IOException {
    Path out = convert("mds", "out", "--set=mds.hashes=sha1", "--set=mds.compression=zstd:7");
    Path index = out.resolve("mds/index.json");
    byte[] sound = Files.readAllBytes(index);
    assertThat(run("repair", out).out, containsString("nothing to do"));
    Files.delete(index);
    assertThat(run("verify", out).status, is(1));

    Result repaired = run("repair", out);

    assertThat(repaired.out, repaired.status, is(0));
    assertThat(repaired.out, containsString("mds/index.json: made anew from the shards"));
    assertThat(Files.readAllBytes(index), is(sound));
    assertThat(run("verify", out).status, is(0));
  }

  @Test
  void inspectShowsHowFilesAreStored() {
    Path mds = convert("mds", "a", "--set=mds.hashes=sha1", "--set=mds.compression=zstd:7");
    Path rows = convert("hdf5", "b", "--set=hdf5.gzip_level=1");
    Path pairs = convert("megatron", "c", "--shards=1");

    Result shard = run("inspect", mds.resolve("mds/shard.00000.mds.zstd"));
    assertThat(shard.out, containsString("zstd:7"));
    assertThat(shard.out, containsString("sha1"));
    assertThat(run("inspect", mds.resolve("mds")).out, containsString("67108864 bytes"));
    Result row = run("inspect", rows.resolve("hdf5"));
    assertThat(row.out, containsString("[1, 3, 4]"));
    assertThat(row.out, containsString("deflate"));
    assertThat(run("inspect", pairs.resolve("megatron")).out, containsString("5 documents"));
  }

  @Test
  void inspectShowsMaskAndLabels() {
    Path rows = convert("hdf5", "out");

    Result result = run("inspect", rows, "--sample=1");

    assertThat(result.out, containsString("mask: 1 x 3, 0 x 1"));
    assertThat(
        result.out, containsString("labels: the next token at every place; the last one is 13"));
  }
}
