package org.millrace.pipelines.datasets;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.shard.Manifest;
import org.millrace.pipelines.Datasets;
import org.millrace.transforms.ledger.Ledger;

/** Finished rows in shares. */
class MixTest {

  private static final String RECIPE =
      """
      pipeline: mix
      seed: 3
      sources:
        - {name: web, folder: Web*, weight: 0.5}
        - {name: code, weight: 0.3}
        - {name: math, epochs: 1.5}
      total_samples: 200
      output: {num_shards: 3}
      """;

  @TempDir private Path folder;
  private RowFolders rows;
  private String recipe;

  @BeforeEach
  void writeSources() throws IOException {
    rows = new RowFolders(folder);
    rows.write("a/web_train_packed/data-00000.h5", 1000, 150);
    rows.write("a/web_train_packed/data-00001.h5", 1150, 150);
    rows.write("b/code/data-00000.h5", 2000, 21);
    rows.write("b/math/data-00000.h5", 3000, 20, 0);
    rows.write("b/other/data-00000.h5", 4000, 7);
    recipe = Files.writeString(folder.resolve("mix.yaml"), RECIPE).toString();
  }

  private static String source(int row) {
    return row < 2000 ? "web" : row < 3000 ? "code" : row < 4000 ? "math" : "other";
  }

  private static Map<String, Long> bySource(List<Integer> samples) {
    return samples.stream()
        .collect(Collectors.groupingBy(MixTest::source, TreeMap::new, Collectors.counting()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void takesWhatThePlanSaysInOneOrder(int shards) throws IOException {
    Path output = folder.resolve("out");

    Manifest manifest = rows.make(recipe, output, "output.num_shards=" + shards);

    List<Integer> samples = RowFolders.rows(output, manifest.outputs().get(0));
    assertThat(bySource(samples), equalTo(Map.of("web", 106L, "code", 64L, "math", 30L)));
    // Each prefix has its shares, give or take one and the share of three.
    for (int m = 1; m <= samples.size(); m++) {
      Map<String, Long> counts = bySource(samples.subList(0, m));
      for (var share : Map.of("web", 0.53, "code", 0.32, "math", 0.15).entrySet()) {
        double off = Math.abs(counts.getOrDefault(share.getKey(), 0L) - share.getValue() * m);
        assertThat(share + " after " + m, off < 0.75 * (1 + 3 * share.getValue()), equalTo(true));
      }
    }
    Map<Integer, Long> times =
        samples.stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
    assertThat(times.keySet().stream().filter(row -> row < 2000).count(), equalTo(106L));
    assertThat(times.values().stream().filter(n -> n == 4).count(), equalTo(1L));
    assertThat(times.values().stream().filter(n -> n == 3).count(), equalTo(20L));
    assertThat(times.values().stream().filter(n -> n == 2).count(), equalTo(10L));
    Path one = folder.resolve("one");
    Manifest whole = rows.make(recipe, one, "output.num_shards=1");
    assertThat(samples, equalTo(RowFolders.rows(one, whole.outputs().get(0))));
  }

  @Test
  void thePlanIsInTheManifestAndTheLedgerBalances() throws IOException {
    Manifest manifest = rows.make(recipe, folder.resolve("out"));

    assertThat(
        manifest.reports().get("mixture"),
        equalTo(
            "{\"samples\":200,\"sources\":["
                + "{\"achieved_share\":0.53,\"asked_share\":0.53125,\"available\":300,"
                + "\"distinct\":106,\"name\":\"web\",\"repeats\":0,\"samples\":106,\"weight\":0.5},"
                + "{\"achieved_share\":0.32,\"asked_share\":0.31875,\"available\":21,"
                + "\"distinct\":21,\"name\":\"code\",\"repeats\":43,\"samples\":64,\"weight\":0.3},"
                + "{\"achieved_share\":0.15,\"available\":20,\"distinct\":20,\"epochs\":1.5,"
                + "\"name\":\"math\",\"repeats\":10,\"samples\":30}]}"));
    assertThat(manifest.ledger().imbalances(), equalTo(List.of()));
    assertThat(manifest.ledger().documents("not_taken"), equalTo(194L));
    assertThat(manifest.ledger().documents(Ledger.READ), equalTo(341L + 53L));
    assertThat(manifest.ledger().documents(Ledger.WRITTEN), equalTo(200L));
  }

  @Test
  void saysWhatItIsGoingToDo() throws IOException {
    List<String> summary = rows.plan(recipe, folder.resolve("out")).summary();

    assertThat(
        summary.get(1),
        equalTo("in no source's folder, and passed over: 1 of 5 files: b/other/data-00000.h5"));
    assertThat(
        summary.get(4).replaceAll(" +", " "),
        equalTo("web weight 0.5 53.125 % 53.000 % 300 106 0.353"));
    assertThat(
        summary.get(6).replaceAll(" +", " "), equalTo("math epochs 1.5 15.000 % 20 30 1.500"));
    assertThat(summary.get(7).replaceAll(" +", " "), equalTo("all 341 200"));
  }

  @Test
  void whatMovesMakesNoDifference() throws IOException {
    rows.make(recipe, folder.resolve("places"), "read.moves=places");
    rows.make(recipe, folder.resolve("rows"), "read.moves=rows");

    Map<String, String> places = RowFolders.digests(folder.resolve("places"));
    Map<String, String> others = RowFolders.digests(folder.resolve("rows"));
    places.remove(Manifest.FILE_NAME);
    others.remove(Manifest.FILE_NAME);
    assertThat(others, equalTo(places));
    assertThat(places.size(), equalTo(3));
  }

  @Test
  void leavesTheMixingToTheTrainer() throws IOException {
    Path output = folder.resolve("out");

    Manifest manifest = rows.make(recipe, output, "materialize=false", "output.num_shards=2");

    assertThat(
        manifest.outputs().stream().map(Manifest.Output::folder).toList(),
        equalTo(List.of("hdf5/web", "hdf5/code", "hdf5/math")));
    assertThat(
        manifest.outputs().stream().map(Manifest.Output::samples).toList(),
        equalTo(List.of(106L, 64L, 30L)));
    for (Manifest.Output part : manifest.outputs()) {
      List<Integer> samples = RowFolders.rows(output, part);
      assertThat(
          bySource(samples).keySet(), equalTo(Set.of(part.folder().substring("hdf5/".length()))));
      assertThat(part.files().size(), equalTo(2));
    }
    // The first epoch of a source that comes again has each row once.
    List<Integer> code = RowFolders.rows(output, manifest.outputs().get(1));
    assertThat(new HashSet<>(code.subList(0, 21)).size(), equalTo(21));
    assertThat(new HashSet<>(code.subList(21, 42)).size(), equalTo(21));
    assertThat(manifest.reports().get("mixture"), containsString("\"asked_share\":0.53125"));
  }

  @Test
  void withoutATotalTheSourceThatLastsLongestDecides() throws IOException {
    String yaml = RECIPE.replace("total_samples: 200\n", "").replace("epochs: 1.5", "weight: 0");
    Path file = Files.writeString(folder.resolve("rest.yaml"), yaml);

    List<String> summary = rows.plan(file.toString(), folder.resolve("out")).summary();

    assertThat(
        summary.get(4).replaceAll(" +", " "),
        equalTo("web weight 0.5 62.500 % 62.500 % 300 300 1.000"));
    assertThat(
        summary.get(5).replaceAll(" +", " "),
        equalTo("code weight 0.3 37.500 % 37.500 % 21 180 8.571"));
    assertThat(summary, hasItem(containsString("math")));
  }

  @Test
  void tokensAreATotalToo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tokens.yaml"),
            RECIPE.replace("total_samples: 200", "total_tokens: 1607"));

    assertThat(
        rows.plan(file.toString(), folder.resolve("out")).summary(),
        hasItem(containsString("200")));
  }

  private String refusal(String from, String to) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), RECIPE.replace(from, to));
    return assertThrows(
            IllegalArgumentException.class, () -> rows.plan(file.toString(), folder.resolve("out")))
        .getMessage();
  }

  @Test
  void refusesWhatCannotBeMixed() throws IOException {
    assertThat(
        refusal("Web*", "Books"),
        containsString(
            "no file of the input is in a folder of web; the input's folders are"
                + " [a/web_train_packed, b/code, b/math, b/other]"));
    assertThat(
        refusal("{name: code,", "{name: code, folder: '*'" + ","),
        containsString("a/web_train_packed/data-00000.h5 is in folders of 2 sources: web, code"));
    assertThat(
        refusal("epochs: 1.5", "epochs: 1.5, weight: 1"),
        containsString("sources[2]: math must have either weight or epochs, has both"));
    assertThat(refusal("name: code", "name: web"), containsString("two have one name"));
    assertThat(
        refusal("weight: 0.3", "weigth: 0.3"),
        containsString("weigth is not a key of the section sources[1]; did you mean weight?"));
    assertThat(refusal("weight: 0.3", "weight: -1"), containsString("sources[1].weight is -1"));
    assertThat(
        refusal("total_samples: 200", "total_samples: 20"),
        containsString("the sources with epochs give 30"));
    assertThat(
        refusal("total_samples: 200", "total_samples: 200\ntotal_tokens: 9"),
        containsString("both given"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> Datasets.recipe(recipe, List.of("sources=1")))
            .getMessage(),
        containsString("sources is 1, must be a list of sections"));
    String none = Files.writeString(folder.resolve("none.yaml"), "pipeline: mix\n").toString();
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Datasets.recipe(none, List.of()))
            .getMessage(),
        containsString("sources is missing; it must be a list of sections"));
  }

  /** A recipe that is shown can be run. */
  @Test
  void theShownRecipeIsTheSame() throws IOException {
    for (String name : List.of(recipe, "crystalcoder-stage1-mix", "crystalcoder-stage3-mix")) {
      var read = Datasets.recipe(name, List.of());
      Path shown = Files.writeString(folder.resolve("shown.yaml"), read.yaml());

      assertThat(
          Datasets.recipe(shown.toString(), List.of()).canonicalJson(),
          equalTo(read.canonicalJson()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theStagesOfCrystalCoder(int stage) throws IOException {
    RowFolders all = new RowFolders(folder.resolve("crystal"));
    List<String> folders =
        List.of(
            "RedPajamaArXiv",
            "Book_train_packed",
            "RedPajamaC4",
            "RedPajamaCommonCrawl",
            "RedPajamaGithub",
            "StackExchange_train_packed",
            "RedPajamaWikipedia",
            "StarCoder_fim_shuffled",
            "css",
            "html",
            "javascript",
            "python");
    for (int i = 0; i < folders.size(); i++) {
      for (int number = 0; number < 2; number++) {
        all.write(folders.get(i) + "/data-0000" + number + ".h5", 1000 * i + 100 * number, 20);
      }
    }
    Path output = folder.resolve("out");

    Manifest manifest =
        all.make(
            "crystalcoder-stage" + stage + "-mix",
            output,
            "total_samples=1000",
            "output.num_shards=2");

    List<Integer> samples = RowFolders.rows(output, manifest.outputs().get(0));
    assertThat(samples.size(), equalTo(1000));
    Map<String, Long> counts =
        samples.stream()
            .collect(
                Collectors.groupingBy(
                    row -> folders.get(row / 1000), TreeMap::new, Collectors.counting()));
    assertThat(
        counts.get("RedPajamaCommonCrawl"), equalTo(stage == 1 ? 533L : stage == 2 ? 198L : 58L));
    assertThat(
        counts.getOrDefault("StarCoder_fim_shuffled", 0L),
        equalTo(stage == 1 ? 0L : stage == 2 ? 628L : 33L));
    assertThat(counts.getOrDefault("python", 0L), equalTo(stage == 3 ? 343L : 0L));
    Set<Integer> commonCrawl =
        samples.stream().filter(row -> row / 1000 == 3).collect(Collectors.toSet());
    // Even files, odd files, the first tenth of both.
    assertThat(commonCrawl.size(), equalTo(stage == 3 ? 4 : 20));
    assertThat(
        commonCrawl.stream().allMatch(row -> row % 1000 < 100 == (stage != 2)), equalTo(true));
  }
}
