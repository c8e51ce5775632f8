package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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

  @TempDir Path folder;

  private static String model(String name) {
    return "--model=" + Dataset.HOME.resolve("testdata/teachers").resolve(name);
  }

  private static String[] with(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }

  /** Short samples, few of them: a runner's order of work is what matters here. */
  private Dataset annotated(String name, String... runner) {
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
    Map<String, String> digests =
        EveryRunner.sameDigests((number, runner) -> annotated("out-" + number, runner));

    assertThat(digests.keySet(), hasItem("megatron/documents-00000_text_document.target_prob.idx"));
    assertThat(digests.keySet(), hasItem("npy/shard-00000.target_index.npy"));
    assertThat(verify(folder.resolve("out-0")), containsString("sound"));
  }

  @Test
  void cepeLogitsGivesTheSameBytesEverywhereAfterAKillToo() throws Exception {
    Path input = annotated("in", "--runner=direct").folder().resolve("mds");
    String[] options = {
      model("tiny.onnx"), "--set=logits.decoder_tokens=40", "--set=output.num_shards=24"
    };
    Map<String, String> digests =
        EveryRunner.sameDigests(
            (number, runner) ->
                Dataset.make(
                    "cepe-logits",
                    input.toString(),
                    folder.resolve("logits-" + number),
                    with(runner, options)));

    Path killed = folder.resolve("killed");
    String[] slowly = with(options, "--runner=flink", "--parallelism=1");
    KilledRun.killAndGoOn("cepe-logits", input.toString(), killed, "of 24 shards", slowly);

    assertThat(new Dataset(killed).digests(), equalTo(digests));
    assertThat(verify(killed), containsString("sound"));
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
