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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.pipelines.Datasets;

/** The launcher as a person meets it: a command line, what it prints, and its exit status. */
class MainTest {

  private static final Path HOME = Path.of(System.getProperty("millrace.home"));
  private static final String TOKENIZER =
      HOME.resolve("testdata/tokenizers/bytes-8k/tokenizer.json").toString();

  @TempDir private Path temp;

  private record Result(int status, String out, String err) {}

  private static Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of(arguments));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A run on the direct runner of a small input of its own, to a small output. */
  private Result pretrain(String... more) throws IOException {
    Path input = Files.createDirectories(temp.resolve("in"));
    if (!Files.exists(input.resolve("a.jsonl"))) {
      Files.writeString(
          input.resolve("a.jsonl"),
          "{\"text\": \"the first document of three\"}\n{\"text\": \"a second document\"}\n"
              + "{\"text\": \"and a third document, which is the last\"}\n");
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "pretrain",
                "--runner=direct",
                "--input=" + input,
                "--output=" + temp.resolve("out"),
                "--tokenizer=" + TOKENIZER,
                "--set=pack.sequence_length=4",
                "--set=pack.buckets=1",
                "--set=output.num_shards=2"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void saysWhyThereIsNoSample() throws IOException {
    Result tooShort = pretrain("--set=pack.sequence_length=1000");
    assertThat(tooShort.err, tooShort.status, is(0));
    assertThat(
        tooShort.out, containsString("there is no sample in npy: no packing bucket had enough"));

    Result none = pretrain("--set=sample.rate=1e-9", "--overwrite");
    assertThat(none.err, none.status, is(0));
    assertThat(none.out, containsString("nothing of the input was tokenized"));
  }

  @Test
  void listNamesTheBundledRecipes() {
    Result result = run("list");

    assertThat(result.status, is(0));
    Datasets.bundledRecipes().forEach(name -> assertThat(result.out, containsString(name)));
  }

  @Test
  void showPrintsARecipeThatRunsAsItIs() throws IOException {
    Path own = temp.resolve("own.yaml");
    Files.writeString(own, run("show", "pretrain", "--set=seed=9").out);

    Result again = run("show", own.toString());

    assertThat(again.status, is(0));
    assertThat(again.out, is(Files.readString(own)));
    assertThat(again.out, containsString("seed: 9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"npy,megatron,mds", "[npy,megatron,mds]", "npy, megatron, mds"})
  void aListMayBeGivenWithOrWithoutBrackets(String formats) {
    Result result = run("show", "pretrain", "--set=output.formats=" + formats);

    assertThat(result.err, result.status, is(0));
    assertThat(result.out, containsString("\n  formats: [npy, megatron, mds]\n"));
  }

  @Test
  void runMakesAllFormatsAndSaysHowToOpenThem() throws IOException {
    Result run = pretrain("--set=output.formats=npy,megatron,hdf5,mds");
    assertThat(run.err, run.status, is(0));
    String output = temp.resolve("out").toString();

    for (String opened :
        new String[] {
          "numpy.load(\"" + output + "/npy/shard-0000",
          "IndexedDataset(\"" + output + "/megatron/shard-0000",
          "h5py.File(\"" + output + "/hdf5/data-00000.h5\")",
          "LocalDataset(\"" + output + "/mds\")"
        }) {
      assertThat(run.out, containsString(opened));
    }
    assertThat(run.out.split("sample 0:", -1).length, is(2));
    Result verify = run("verify", output);
    assertThat(verify.out, verify.status, is(0));
  }

  @Test
  void whatAFormatRefusesIsAMatterOfUsage() throws IOException {
    Result unpacked = pretrain("--set=output.formats=hdf5", "--set=pack=null");
    assertThat(unpacked.status, is(2));
    assertThat(unpacked.err, startsWith("error: output.hdf5: its rows have one length"));

    Result mixed = pretrain("--set=output.num_shards=input_files");
    assertThat(mixed.status, is(2));
    assertThat(
        mixed.err, startsWith("error: output.num_shards is input_files, but shuffle.documents"));
    assertThat(Files.exists(temp.resolve("out")), is(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run", "list", "show", "verify", "inspect", "convert", "repair"})
  void everyVerbExplainsItself(String verb) {
    Result result = verb.isEmpty() ? run("--help") : run(verb, "--help");

    assertThat(result.status, is(0));
    assertThat(result.out, containsString("Usage: millrace"));
    assertThat(result.err, is(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rum                       | millrace: there is no verb rum; did you mean run?; verbs are run, list, show, verify, inspect, convert, repair
          list --verbos             | millrace list: there is no option --verbos
          show pretrian             | error: there is no recipe pretrian; did you mean pretrain?
          show pretrain --set=sede=1 | error: --set=sede=1: sede is not a key of a recipe; did you mean seed?
          show                      | millrace show: Missing required parameter: 'RECIPE'
          run pretrain              | error: --input is missing: give the files to read, as --input=PATH
          run pretrain --input=a    | error: --output is missing
          run pretrain --input=a --output=b | error: --tokenizer is missing
          run pretrain --runner=flnk | error: --runner is flnk, must be flink or direct; did you mean flink?
          run pretrain --paralelism=2 | error: there is no option --paralelism; did you mean --parallelism?
          run pretrain stray        | error: the argument stray is one too many
          run pretrain --input=a --output=b --tokenizer=/no/such | error: no tokenizer at /no/such: expected a tokenizer.json
          """)
  void wrongUsageIsTwoAndSaysWhatIsRight(String line, String message) {
    Result result = run(line.split(" +"));

    assertThat(result.status, is(2));
    assertThat(result.err, startsWith(message));
    assertThat(result.err, not(containsString("\tat ")));
  }

  @Test
  void withoutAVerbSaysWhichThereAre() {
    Result result = run();

    assertThat(result.status, is(2));
    assertThat(
        result.err, containsString("verbs are run, list, show, verify, inspect, convert, repair"));
  }

  @Test
  void runMakesADatasetThatVerifyAndInspectUnderstand() throws IOException {
    Result run = pretrain();
    assertThat(run.err, run.status, is(0));
    assertThat(run.out, containsString("1 file, "));
    assertThat(run.out, containsString("end of text: <|endoftext|>"));
    assertThat(run.out, containsString("numpy.load(\"" + temp.resolve("out/npy/shard-0000")));

    String output = temp.resolve("out").toString();
    Result verify = run("verify", output);
    assertThat(verify.out, verify.status, is(0));
    assertThat(verify.out, containsString("sound: "));

    Result inspect = run("inspect", output);
    assertThat(inspect.out, containsString("corpus"));
    Result sample = run("inspect", output, "--sample=0");
    assertThat(sample.status, is(0));
    assertThat(sample.out, containsString("npy, sample 0 of "));
    assertThat(sample.out, containsString("told apart by the token <|endoftext|>, id 0"));
  }

  @Test
  void verifyFindsDamageAndIsOne() throws IOException {
    pretrain();
    Path shard = temp.resolve("out/npy/shard-00000.npy");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 1;
    Files.write(shard, bytes);

    Result result = run("verify", temp.resolve("out").toString());

    assertThat(result.status, is(1));
    assertThat(result.out, containsString("npy/shard-00000.npy: SHA-256: expected "));
    assertThat(result.out, containsString("damaged: "));
  }

  @Test
  void runRefusesAnOutputThatIsThereUntilToldOtherwise() throws IOException {
    pretrain();
    byte[] manifest = Files.readAllBytes(temp.resolve("out/manifest.json"));

    Result refused = pretrain();
    assertThat(refused.status, is(2));
    assertThat(refused.err, containsString("is already done"));
    Result again = pretrain("--overwrite");
    assertThat(again.err, again.status, is(0));
    assertThat(Files.readAllBytes(temp.resolve("out/manifest.json")), is(manifest));
  }

  @Test
  void tooManyBadRecordsAreThreeAndSealNothing() throws IOException {
    Path input = Files.createDirectories(temp.resolve("in"));
    Files.writeString(input.resolve("a.jsonl"), "{\"text\": \"good\"}\nbad\n");

    Result result = pretrain();

    assertThat(result.status, is(3));
    assertThat(result.err, containsString("too many bad records"));
    assertThat(Files.exists(temp.resolve("out/manifest.json")), is(false));
    assertThat(pretrain("--set=seed=1").err, containsString("is unfinished"));
    Result again = pretrain();
    assertThat(again.status, is(3));
    assertThat(again.err, containsString("too many bad records"));
  }

  @Test
  void inspectRefusesAnotherTokenizer() throws IOException {
    pretrain();
    Path other = temp.resolve("tokenizer.json");
    Files.writeString(other, Files.readString(Path.of(TOKENIZER)) + "\n");

    Result result =
        run("inspect", temp.resolve("out").toString(), "--sample=0", "--tokenizer=" + other);

    assertThat(result.status, is(2));
    assertThat(result.err, containsString("is not that of the dataset: expected SHA-256 "));
  }
}
