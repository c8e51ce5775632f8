package org.millrace.transforms.logits;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.logits.OnnxModel.Provider;

class OnnxTeacherTest {

  private static final double[] FREQUENCIES = {
    0.0137, 0.0411, 0.0973, 0.191, 0.317, 0.523, 0.797, 1.171, 1.613, 2.057, 2.503, 2.953
  };

  private static float[] logits(Teacher teacher, List<TokenIds> rows, int row, int position)
      throws IOException {
    float[] logits = new float[teacher.vocabularySize()];
    try (Teacher.Logits found = teacher.run(rows)) {
      found.copyTo(row, position, logits);
    }
    return logits;
  }

  /** What make_teachers.py says that a model computes. */
  private static double expected(TokenIds row, int position, int id, boolean positions) {
    double logit = 0;
    for (double frequency : FREQUENCIES) {
      double here = 0;
      double mean = 0;
      for (int i = 0; i <= position; i++) {
        here = Math.sin(row.get(i) * (float) frequency);
        here += positions ? 0.25 * Math.sin(i) : 0;
        mean += here / (position + 1);
      }
      logit += 1.5 * (here + mean) * Math.sin(id * (float) frequency);
    }
    return logit;
  }

  @ParameterizedTest
  @CsvSource({"tiny, 0.01", "half, 0.03", "fixed, 0.01", "split, 0.01"})
  void computesWhatTheModelSays(String name, double tolerance) throws Exception {
    TokenIds row = TokenIds.of(5, 700, 31, 2, 900, 77);
    try (Teacher teacher = Teachers.model(name).open()) {
      assertThat(teacher.vocabularySize(), equalTo(8000));
      for (int position : new int[] {0, 3, 5}) {
        float[] logits = logits(teacher, List.of(row), 0, position);
        for (int id = 0; id < 1000; id += 37) {
          assertThat(
              name + " " + position + " " + id,
              (double) logits[id],
              closeTo(expected(row, position, id, name.equals("half")), tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny", "half"})
  void paddingChangesNothing(String name) throws Exception {
    TokenIds shorter = TokenIds.of(5, 700, 31);
    TokenIds longer = TokenIds.of(9, 8, 7, 6, 5, 4, 3);
    try (Teacher teacher = Teachers.model(name).open()) {
      float[] alone = logits(teacher, List.of(shorter), 0, 2);
      float[] beside = logits(teacher, List.of(longer, shorter), 1, 2);

      for (int id = 0; id < alone.length; id++) {
        assertThat((double) beside[id], closeTo(alone[id], 1e-4));
      }
    }
  }

  @Test
  void batchesOfOtherShapesMayFollowInTheSameMemory() throws Exception {
    try (Teacher teacher = Teachers.model("tiny").open()) {
      float[] first = logits(teacher, List.of(TokenIds.of(1, 2, 3)), 0, 2);
      logits(teacher, List.of(TokenIds.of(9), TokenIds.of(4, 4, 4, 4, 4)), 1, 4);
      logits(teacher, List.of(TokenIds.of(9)), 0, 0);

      assertThat(logits(teacher, List.of(TokenIds.of(1, 2, 3)), 0, 2), equalTo(first));
    }
  }

  @Test
  void threadsShareASession() throws Exception {
    OnnxModel model = Teachers.model("tiny");
    List<TokenIds> rows = List.of(TokenIds.of(IntStream.range(1, 50).toArray()));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Teacher one = model.open();
        Teacher other = model.open()) {
      float[] expected = logits(one, rows, 0, 40);
      List<Future<float[]>> found = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Teacher teacher = i % 2 == 0 ? one : other;
        found.add(threads.submit(() -> logits(teacher, rows, 0, 40)));
      }

      assertThat(SharedTeacher.users(model.key()), equalTo(2));
      for (Future<float[]> each : found) {
        assertThat(each.get(), equalTo(expected));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(SharedTeacher.users(model.key()), equalTo(0));
  }

  @Test
  void aTeacherThatIsClosedAnswersNoMore() throws Exception {
    Teacher teacher = Teachers.model("tiny").open();
    teacher.close();
    teacher.close();

    assertThrows(IllegalStateException.class, () -> teacher.run(List.of(TokenIds.of(1))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nameless | it has no input input_ids, but [attention_mask, tokens]",
        "cache | it needs inputs beside input_ids, attention_mask and position_ids: past_key",
        "scores | it has no output logits, but [scores]",
        "pooled | output logits: expected [batch, sequence, vocabulary], got [-1, 8000]",
      })
  void refusesWhatIsNoTeacher(String name, String reason) throws Exception {
    OnnxModel model = Teachers.model(name);

    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, model::open);

    assertThat(error.getMessage(), containsString(name + ".onnx cannot be a teacher: " + reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "infinite | its logits behind 20 tokens: expected finite numbers, got | 20",
        "seer | this is no causal language model | 20",
        "small | gives logits for 100 tokens, but the tokenizer has 8000 | 20",
        "fixed | a sequence of 40 tokens, the longest there will be: expected up to 1 rows | 40",
      })
  void refusesBeforeTheRunWhatWouldFailInIt(String name, String reason, int longest)
      throws Exception {
    try (Teacher teacher = Teachers.model(name).open()) {
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> TeacherCheck.check(teacher, longest, OptionalInt.of(8000)));

      assertThat(error.getMessage(), containsString(reason));
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny, 20", "half, 300", "fixed, 32", "split, 1", "late, 20"})
  void acceptsWhatCanBeDone(String name, int longest) throws Exception {
    try (Teacher teacher = Teachers.model(name).open()) {
      TeacherCheck.check(teacher, longest, OptionalInt.of(7900));
      TeacherCheck.check(teacher, longest, OptionalInt.empty());
    }
  }

  @Test
  void aFileThatIsNoModelIsRefused(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("a.onnx"), "no model\n");
    Path empty = Files.createFile(folder.resolve("b.onnx"));

    assertThat(
        assertThrows(IllegalArgumentException.class, () -> OnnxModel.at(text.toString()))
            .getMessage(),
        containsString("a.onnx is no ONNX file"));
    OnnxModel nothing = OnnxModel.at(empty.toString());
    assertThat(
        assertThrows(IllegalArgumentException.class, nothing::open).getMessage(),
        containsString("b.onnx cannot be a teacher"));
    assertThat(
        assertThrows(FileNotFoundException.class, () -> OnnxModel.at(folder + "/none.onnx"))
            .getMessage(),
        containsString("none.onnx"));
  }

  @Test
  void aFolderMayHoldTheModelAndGivesItsName(@TempDir Path folder) throws Exception {
    Path model = Files.createDirectory(folder.resolve("gpt")).resolve("model.onnx");
    Files.copy(Teachers.file("tiny.onnx"), model);

    OnnxModel found = OnnxModel.at(folder + "/gpt");

    assertThat(found.name(), equalTo("gpt"));
    assertThat(found.sha256(), equalTo(Teachers.model("tiny").sha256()));
    assertThat(Teachers.model("tiny").name(), equalTo("tiny"));
  }

  @Test
  void weightsBesideTheModelAreAPartOfIt(@TempDir Path folder) throws Exception {
    Files.copy(Teachers.file("split.onnx"), folder.resolve("split.onnx"));
    Files.copy(Teachers.file("split.weights"), folder.resolve("split.weights"));
    OnnxModel model = OnnxModel.at(folder + "/split.onnx");
    assertThat(model.sha256(), equalTo(Teachers.model("split").sha256()));

    byte[] weights = Files.readAllBytes(folder.resolve("split.weights"));
    weights[0] ^= 1;
    Files.write(folder.resolve("split.weights"), weights);

    assertThat(OnnxModel.at(model.path()).sha256(), not(equalTo(model.sha256())));
    assertThat(
        assertThrows(IOException.class, model::open).getMessage(),
        containsString("is not the model that the job began with"));
  }

  @Test
  void aGpuThatIsNotThereIsSaid() throws Exception {
    OnnxModel model = Teachers.model("tiny").withProvider(Provider.CUDA, 3);

    assertThat(
        assertThrows(IllegalArgumentException.class, model::open).getMessage(),
        containsString("provider cuda, device 3, cannot be used: it needs a build with -Pcuda"));
  }

  @Test
  void severalThreadsABatchGiveTheSame() throws Exception {
    List<TokenIds> rows = List.of(TokenIds.of(IntStream.range(1, 300).toArray()));
    try (Teacher one = Teachers.model("tiny").open();
        Teacher two = Teachers.model("tiny").withThreads(2).open()) {
      float[] a = logits(one, rows, 0, 298);
      float[] b = logits(two, rows, 0, 298);
      for (int id = 0; id < a.length; id++) {
        assertThat((double) b[id], closeTo(a[id], 1e-4));
      }
    }
  }

  /** What each class loader runs. */
  public static final class Asking {
    public static float[] ask(String path) throws Exception {
      try (Teacher teacher = OnnxModel.at(path).open()) {
        return logits(teacher, List.of(TokenIds.of(1, 2, 3)), 0, 2);
      }
    }
  }

  /** As the jobs of a Flink cluster have, one after another in one worker. */
  @Test
  void worksInSeveralClassLoadersOfAProcess() throws Exception {
    String path = Teachers.file("tiny.onnx").toString();
    float[] expected = Asking.ask(path);
    for (int i = 0; i < 2; i++) {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
      try (URLClassLoader loader =
          new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
        Class<?> asking = loader.loadClass(Asking.class.getName());
        assertThat(asking.equals(Asking.class), equalTo(false));
        assertThat(asking.getMethod("ask", String.class).invoke(null, path), equalTo(expected));
      }
    }
  }
}
