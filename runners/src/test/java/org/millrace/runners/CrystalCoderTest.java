package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.column.Column;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.verify.FormatShards;
import org.millrace.io.verify.StoredDataset;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.fim.FimPattern;
import org.millrace.transforms.fim.FimTokens;

/** CrystalCoder's recipes, with short samples, on real code and text. */
@Tag("flink")
class CrystalCoderTest {

  private static final Path SHARED = Dataset.HOME.resolve("../shared/data");
  private static final int EOS = 2;
  private static final int BOS = 1;
  private static final int LENGTH = 256;
  private static final FimTokens SENTINELS = new FimTokens(32000, 32001, 32002, 32003);

  @TempDir private Path folder;

  private record Row(TokenIds tokens, TokenIds mask, TokenIds labels) {}

  private static Path shared(String path) {
    Path file = SHARED.resolve(path);
    Assumptions.assumeTrue(Files.exists(file), "skipped: there is no shared/data/" + path);
    return file;
  }

  /** Runs a verb and expects success. */
  private static String run(String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = Main.run(stream, stream, Arrays.asList(arguments));
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(0));
    return text;
  }

  private Path make(String recipe, Path input, String output, String... options) {
    Path made = folder.resolve(output);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                recipe,
                "--input=" + input,
                "--output=" + made,
                "--tokenizer=" + shared("tokenizers/crystalcoder/tokenizer.json"),
                "--set=pack.sequence_length=" + LENGTH,
                "--set=pack.buckets=2",
                "--set=output.num_shards=2",
                "--runner=direct"));
    arguments.addAll(Arrays.asList(options));
    run(arguments.toArray(String[]::new));
    run("verify", made.toString());
    return made;
  }

  /** A folder for each language with real source code, as stage 3 wants it. */
  private Path code(String... languages) throws Exception {
    Path script = shared("make_code.py");
    Path made = folder.resolve("code");
    Process process =
        new ProcessBuilder("python3", script.toString(), made.toString(), "--max-mb=1")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("code.log").toFile())
            .start();
    Assumptions.assumeTrue(process.waitFor() == 0, "skipped: python3 could not make the code");
    for (String language : languages) {
      Path target = Files.createDirectories(folder.resolve("in").resolve(language));
      Files.copy(
          made.resolve("jsonl/" + language + ".jsonl.gz"), target.resolve("train-0.jsonl.gz"));
    }
    return folder.resolve("in");
  }

  private static List<Row> rows(StoredDataset dataset, Manifest.Output output) throws IOException {
    List<Row> rows = new ArrayList<>();
    FormatShards shards = dataset.shards(output, finding -> {});
    for (List<StoredFile> shard : shards.shards()) {
      try (ShardReader reader = shards.format().open(shard);
          SampleCursor cursor = reader.read(0)) {
        for (Optional<StoredSample> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          StoredSample sample = next.get();
          rows.add(
              new Row(
                  sample.ids(Column.TOKENS, "row"),
                  sample.ids(Column.MASK, "row"),
                  sample.ids(Column.LABELS, "row")));
        }
      }
    }
    return rows;
  }

  private static void assertLabelsFollow(Row row) {
    for (int j = 0; j < LENGTH; j++) {
      assertThat(row.mask().get(j), lessThan(2));
      if (row.mask().get(j) == 1 && j + 1 < LENGTH) {
        assertThat(row.labels().get(j), equalTo(row.tokens().get(j + 1)));
      }
    }
  }

  /** The texts between end tokens, without begin tokens. */
  private static List<TokenIds> segments(TokenIds row) {
    List<TokenIds> segments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= row.length(); i++) {
      if (i == row.length() || row.get(i) == EOS) {
        boolean begun = start < i && row.get(start) == BOS;
        segments.add(row.slice(begun ? start + 1 : start, i));
        start = i + 1;
      }
    }
    return segments;
  }

  /** Each text of a permuted row is one of the same row before, as far as the row's end lets it. */
  private static int assertUndone(Row permuted, Row plain) {
    List<TokenIds> before = segments(plain.tokens());
    List<TokenIds> after = segments(permuted.tokens());
    int count = 0;
    for (int i = 0; i < after.size(); i++) {
      FimPattern pattern = FimPattern.of(after.get(i), SENTINELS);
      boolean last = i == after.size() - 1;
      switch (pattern.kind()) {
        case PLAIN, PSM, SPM -> {
          if (!last) {
            assertThat(pattern.original(), equalTo(before.get(i)));
          }
        }
        case TRUNCATED -> assertThat(last, equalTo(true));
      }
      count += pattern.kind() == FimPattern.Kind.PLAIN ? 0 : 1;
    }
    return count;
  }

  private static void assertWithin(JsonNode rate) {
    double error = Math.abs(rate.at("/achieved").asDouble() - rate.at("/asked").asDouble());
    assertThat(rate.toString(), error, lessThan(4 * rate.at("/standard_error").asDouble()));
  }

  @Test
  void stageThreeOnRealCode() throws Exception {
    String[] languages = {"css", "html", "javascript", "python"};
    Path input = code(languages);
    Path made = make("crystalcoder-stage3", input, "stage3");
    Path plain = make("crystalcoder-stage3", input, "plain", "--set=fim=null");

    StoredDataset dataset = StoredDataset.open(made.toString());
    StoredDataset without = StoredDataset.open(plain.toString());
    List<Manifest.Output> outputs = dataset.manifest().outputs();
    assertThat(
        outputs.stream().map(Manifest.Output::folder).toList(),
        contains("hdf5/css", "hdf5/html", "hdf5/javascript", "hdf5/python"));
    int permuted = 0;
    for (int part = 0; part < outputs.size(); part++) {
      List<Row> rows = rows(dataset, outputs.get(part));
      List<Row> same = rows(without, without.manifest().outputs().get(part));
      assertThat(rows.size(), equalTo(same.size()));
      assertThat(rows.size() % 3, equalTo(0));
      for (int i = 0; i < rows.size(); i++) {
        assertLabelsFollow(rows.get(i));
        permuted += assertUndone(rows.get(i), same.get(i));
      }
    }
    JsonNode report = new ObjectMapper().readTree(dataset.manifest().reports().get("fim"));
    assertThat(permuted, equalTo(report.at("/permuted").asInt() - report.at("/cut_away").asInt()));
    assertThat(report.at("/permuted").asInt(), greaterThan(1000));
    assertWithin(report.at("/rate"));
    assertWithin(report.at("/spm_rate"));
    assertThat(dataset.manifest().header().tokenizer().vocabularySize(), equalTo(32004));
  }

  @Test
  void stageTwoBetweenCharacters() throws Exception {
    Path made = make("crystalcoder-starcoder", code("python"), "stage2", "--set=fim.span=char");

    StoredDataset dataset = StoredDataset.open(made.toString());
    for (Row row : rows(dataset, dataset.manifest().outputs().get(0))) {
      assertLabelsFollow(row);
    }
    JsonNode report = new ObjectMapper().readTree(dataset.manifest().reports().get("fim"));
    assertWithin(report.at("/rate"));
    assertThat(report.at("/permuted").asInt(), greaterThan(300));
    // A sample that begins or ends within a character of several bytes is rare in code.
    assertThat(
        report.at("/undecodable").asInt(), lessThan(report.at("/permuted").asInt() / 20 + 1));
  }

  @Test
  void slimpajamaByDomain() throws IOException {
    Path made = make("crystalcoder-slimpajama", shared("slimpajama/train"), "slimpajama");

    StoredDataset dataset = StoredDataset.open(made.toString());
    assertThat(
        dataset.manifest().outputs().stream().map(Manifest.Output::folder).toList(),
        contains(
            "hdf5/RedPajamaArXiv",
            "hdf5/RedPajamaBook",
            "hdf5/RedPajamaC4",
            "hdf5/RedPajamaCommonCrawl",
            "hdf5/RedPajamaGithub",
            "hdf5/RedPajamaStackExchange",
            "hdf5/RedPajamaWikipedia"));
    for (Manifest.Output output : dataset.manifest().outputs()) {
      for (Row row : rows(dataset, output)) {
        assertLabelsFollow(row);
      }
    }
    String sources = run("inspect", made.toString());
    assertThat(sources.contains("RedPajamaWikipedia"), equalTo(true));
  }
}
