package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From text to samples and passages by CEPE's recipes, with equal bytes on every runner. */
@Tag("flink")
class CepeDeterminismTest {

  private static final String INPUT = Dataset.HOME.resolve("testdata/documents").toString();
  private static final Path RECIPES = Dataset.HOME.resolve("testdata/recipes");
  private static final String DOMAINS = "--set=domains=docs=0.01,java=0.9,yaml=0.01,scripts=0.05";

  @TempDir Path folder;

  private static int run(ByteArrayOutputStream printed, String... arguments) {
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(Arrays.asList(arguments));
    return Main.run(stream, stream, all);
  }

  private Path tokens() {
    Path tokens = folder.resolve("tokens");
    Dataset.make(RECIPES.resolve("cepe-tokenize.yaml").toString(), INPUT, tokens);
    return tokens;
  }

  private Map<String, String> onEveryRunner(String recipe, Path tokens, String... settings)
      throws IOException {
    return EveryRunner.sameDigests(
        (number, runner) -> {
          List<String> options = new ArrayList<>(List.of(DOMAINS));
          options.addAll(List.of(settings));
          options.addAll(List.of(runner));
          return Dataset.make(
              recipe,
              tokens.toString(),
              folder.resolve(recipe + number),
              options.toArray(String[]::new));
        });
  }

  @Test
  void samplesWithinDocuments() throws IOException {
    Map<String, String> files =
        onEveryRunner(
            "cepe-sample-ab",
            tokens(),
            "--set=total_tokens=64",
            "--set=decoder_tokens=16",
            "--set=samples.test=200",
            "--set=samples.train=2000",
            "--set=output.num_shards=3",
            "--set=output.size_limit=20000");

    assertThat(
        files.keySet(),
        hasItems("mds/test/yaml/index.json", "mds/train/java/shard.00002.mds", "manifest.json"));
  }

  @Test
  void samplesOverDocumentsAndPassages() throws IOException {
    Map<String, String> files =
        onEveryRunner(
            "cepe-sample-concat",
            tokens(),
            "--set=encoder_tokens=32",
            "--set=decoder_tokens=32",
            "--set=samples.test=200",
            "--set=samples.train=1000",
            "--set=retrieval.chunk_tokens=32",
            "--set=retrieval.shards=3",
            "--set=retrieval.passages_per_shard=100",
            "--set=output.ids=pkl");

    assertThat(files.keySet(), hasItem("retrieval/2/java.jsonl"));
    String dataset = folder.resolve("cepe-sample-concat0").toString();
    assertThat(printed(0, "verify", dataset), containsString("sound: "));
    String shown = printed(0, "inspect", dataset);
    assertThat(
        shown.replaceAll(" +", " "),
        allOf(
            containsString("SPLIT DOMAIN FILES DOCUMENTS TOKENS WINDOWS WANTED TAKEN"),
            containsString("\ntrain java "),
            containsString(" 900 900\n")));
  }

  private static String printed(int expected, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = Main.run(stream, stream, List.of(arguments));
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(expected));
    return text;
  }

  @Test
  void verifyTellsDocumentsAndChunksByDomain() {
    String tokens = tokens().toString();

    String byItself = printed(0, "verify", tokens).replaceAll(" +", " ");
    String asked = printed(0, "verify", tokens, "--chunks=64").replaceAll(" +", " ");

    assertThat(byItself, containsString("DOMAIN FILES DOCUMENTS TOKENS CHUNKS OF 4,096\ndocs 4 "));
    assertThat(byItself, containsString("\nin all 15 "));
    assertThat(asked, containsString("DOMAIN FILES DOCUMENTS TOKENS CHUNKS OF 64\ndocs 4 "));
  }

  @Test
  void tooFewWindowsAreSaidWithNumbers() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Path output = folder.resolve("short");

    int status =
        run(printed, "cepe-sample-ab", "--input=" + tokens(), "--output=" + output, DOMAINS);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(3));
    assertThat(text, text.contains("java, train: 4500000 wanted, "), equalTo(true));
    assertThat(output.toFile().exists(), equalTo(false));
  }
}
