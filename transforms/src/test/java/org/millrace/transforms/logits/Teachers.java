package org.millrace.transforms.logits;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.millrace.transforms.data.TokenIds;

/** Models to ask, and one that answers by a formula. */
final class Teachers {

  private Teachers() {}

  /** One of those that testdata/make_teachers.py makes. */
  static Path file(String name) {
    return Path.of(System.getProperty("millrace.home"), "testdata/teachers", name);
  }

  static OnnxModel model(String name) throws Exception {
    return OnnxModel.at(file(name + ".onnx").toString());
  }

  /** The real one that lies beside the project; the test is skipped where it is absent. */
  static Path stories() {
    Path folder =
        Path.of(System.getProperty("millrace.home"), "..", "shared", "data", "onnx", "stories260K");
    Assumptions.assumeTrue(
        Files.exists(folder.resolve("model.onnx")),
        "skipped: there is no shared/data/onnx/stories260K");
    return folder;
  }

  /** Expects the sum of the ids so far, and the ids around it. */
  static class Summing implements Teacher {
    private final int vocabulary;

    Summing(int vocabulary) {
      this.vocabulary = vocabulary;
    }

    @Override
    public int vocabularySize() {
      return vocabulary;
    }

    @Override
    public int maxTokens() {
      return Integer.MAX_VALUE;
    }

    @Override
    public int maxRows() {
      return Integer.MAX_VALUE;
    }

    @Override
    public String runtime() {
      return "a formula";
    }

    @Override
    public Logits run(List<TokenIds> rows) {
      return new Logits() {
        @Override
        public void copyTo(int row, int position, float[] target) {
          int sum = 0;
          for (int i = 0; i <= position; i++) {
            sum += rows.get(row).get(i);
          }
          for (int id = 0; id < target.length; id++) {
            target[id] = logit(sum, id);
          }
        }

        @Override
        public void close() {}
      };
    }

    float logit(int sum, int id) {
      return -Math.abs(sum % vocabulary - id);
    }

    @Override
    public void close() {}
  }
}
