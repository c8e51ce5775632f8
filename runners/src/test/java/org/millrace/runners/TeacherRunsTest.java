package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.runners.faults.KilledRun;

/** Teachers asked by the launcher: the same bytes on every runner, after a kill too. */
@Tag("flink")
class TeacherRunsTest {

  private static final String RECIPE =
      Dataset.HOME.resolve("testdata/recipes/all-formats.yaml").toString();
  private static final String INPUT = Dataset.HOME.resolve("testdata/documents/docs").toString();

  private static final String[] RUNNERS = {
    "--runner=direct --targetParallelism=1",
    "--runner=direct --targetParallelism=4",
    "--runner=flink --parallelism=1",
    "--runner=flink --parallelism=4"
  };

  @TempDir Path folder;

  private static String model(String name) {
    return "--model=" + Dataset.HOME.resolve("testdata/teachers").resolve(name);
  }

  private static String[] with(String options, String... more) {
    List<String> all = new ArrayList<>(List.of(options.split(" ")));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Short samples, few of them: a runner's order of work is what matters here. */
  private Dataset annotated(String name, String runner) {
    return Dataset.make(
        RECIPE,
        INPUT,
        folder.resolve(name),
        with(
            runner,
            model("tiny.onnx"),
            "--set=logits.topk=4",
            "--set=logits.buckets=3",
            "--set=logits.teacher.batch_tokens=300",
            "--set=pack.sequence_length=64"));
  }

  @Test
  void aTeacherInPretrainGivesTheSameBytesEverywhere() throws IOException {
    Map<String, Map<String, String>> digests = new TreeMap<>();
    for (String runner : RUNNERS) {
      digests.put(runner, annotated("out-" + digests.size(), runner).digests());
    }

    Map<String, String> first = digests.get(RUNNERS[0]);
    digests.forEach((runner, found) -> assertThat(runner, found, equalTo(first)));
    assertThat(
        first.keySet(),
        hasItem("megatron/shard-00000_text_document.target_prob.idx"));
    assertThat(first.keySet(), hasItem("npy/shard-00000.target_index.npy"));
    assertThat(verify(folder.resolve("out-0")), containsString("sound"));
  }

  @Test
  void cepeLogitsGivesTheSameBytesEverywhereAfterAKillToo() throws Exception {
    Path input = annotated("in", "--runner=direct").folder().resolve("mds");
    String[] options = {
      model("tiny.onnx"), "--set=logits.decoder_tokens=40", "--set=output.num_shards=24"
    };
    Map<String, Map<String, String>> digests = new TreeMap<>();
    for (String runner : RUNNERS) {
      Path output = folder.resolve("logits-" + digests.size());
      digests.put(
          runner,
          Dataset.make("cepe-logits", input.toString(), output, with(runner, options)).digests());
    }
    Map<String, String> first = digests.get(RUNNERS[0]);
    digests.forEach((runner, found) -> assertThat(runner, found, equalTo(first)));

    Dataset killed = new Dataset(folder.resolve("killed"));
    String[] slowly = with("--runner=flink --parallelism=1", options);
    KilledRun.untilAShardIsComplete("cepe-logits", input.toString(), killed.folder(), slowly);
    assertThat(killed.paths(), not(hasItem("manifest.json")));
    long complete = killed.paths().stream().filter(path -> path.contains("/done-")).count();
    assertThat(complete, greaterThan(0L));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status =
        Dataset.tryToMake(
            "cepe-logits", input.toString(), killed.folder().toString(), stream, slowly);

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text, status, equalTo(0));
    assertThat(text, containsString("an unfinished run goes on: " + complete + " of 24 shards"));
    assertThat(killed.digests(), equalTo(first));
    assertThat(verify(killed.folder()), containsString("sound"));
  }

  @Test
  void badModelsEndWithStatusTwoBeforeAnythingIsWritten() {
    Map<String, String> reasons = new TreeMap<>();
    reasons.put("nameless.onnx", "it has no input input_ids");
    reasons.put("cache.onnx", "it needs inputs beside input_ids, attention_mask and position_ids");
    reasons.put("pooled.onnx", "expected [batch, sequence, vocabulary], got");
    reasons.put("infinite.onnx", "expected finite numbers, got");
    reasons.put("small.onnx", "gives logits for 100 tokens, but the tokenizer has 8000");
    reasons.put("split.weights", "is no ONNX file");
    reasons.put("none.onnx", "no model at");
    reasons.forEach(
        (name, reason) -> {
          Path output = folder.resolve("out");
          ByteArrayOutputStream printed = new ByteArrayOutputStream();
          PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);

          int status =
              Dataset.tryToMake(
                  RECIPE,
                  INPUT,
                  output.toString(),
                  stream,
                  "--runner=direct",
                  model(name),
                  "--set=logits.topk=4");

          String text = printed.toString(StandardCharsets.UTF_8);
          assertThat(text, status, equalTo(2));
          assertThat(text, containsString(reason));
          assertThat(Files.exists(output), equalTo(false));
        });
  }

  private static String verify(Path dataset) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status = Main.run(stream, stream, List.of("verify", dataset.toString()));
    assertThat(printed.toString(StandardCharsets.UTF_8), status, equalTo(0));
    return printed.toString(StandardCharsets.UTF_8);
  }
}
