package org.millrace.pipelines.datasets;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.util.OptionalInt;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.transforms.logits.OnnxModel;
import org.millrace.transforms.logits.Teacher;
import org.millrace.transforms.logits.TeacherCheck;

/** How a teacher is run; the section {@code teacher} of recipes. Its model is no part of it. */
public record TeacherSettings(
    @Setting(
            doc = "What computes: cpu; or cuda, with a build for it and a GPU on every worker.",
            defaultsTo = "cpu")
        Provider provider,
    @Setting(doc = "The number of the GPU.", defaultsTo = "0", min = 0, max = 1023) int device,
    @Setting(
            doc =
                "How many threads of the processor compute one batch; the runner's parallelism says"
                    + " how many batches are computed at the same time.",
            defaultsTo = "1",
            min = 1,
            max = 1024)
        int threads,
    @Setting(
            doc =
                "The most tokens in a batch, padding included; a longer sequence is a batch of its"
                    + " own. Its logits are in memory: with a vocabulary of 32,000, 128 kB a token.",
            defaultsTo = "4096",
            min = 1,
            max = 1 << 24)
        int batchTokens) {

  /** What computes. */
  public enum Provider {
    CPU,
    CUDA
  }

  /**
   * The teacher of a job, which has been asked whether it can do what will be asked.
   *
   * @param runtime what runs it, in words
   */
  record Checked(OnnxModel model, int vocabularySize, String runtime) implements Serializable {

    /** What the manifest says of it: a JSON object. */
    String report() {
      return new ObjectMapper()
          .createObjectNode()
          .put("name", model.name())
          .put("runtime", runtime)
          .put("sha256", model.sha256())
          .put("threads", model.threads())
          .put("vocabulary_size", vocabularySize)
          .toString();
    }
  }

  /**
   * Looks for the teacher, and finds out what it can.
   *
   * @param path of its model
   * @param longest how many tokens the longest sequence will have
   * @param tokenizer the size of the vocabulary of the ids; empty where it is not known
   * @throws IllegalArgumentException when it cannot be used, with the reason
   */
  Checked check(String path, int longest, OptionalInt tokenizer, int topk) throws IOException {
    OnnxModel.Provider chosen =
        switch (provider) {
          case CPU -> OnnxModel.Provider.CPU;
          case CUDA -> OnnxModel.Provider.CUDA;
        };
    OnnxModel model = OnnxModel.at(path).withProvider(chosen, device).withThreads(threads);
    try (Teacher teacher = model.open()) {
      if (topk > teacher.vocabularySize()) {
        throw new IllegalArgumentException(
            "logits.topk must be in 1..%d, the teacher's vocabulary, was %d"
                .formatted(teacher.vocabularySize(), topk));
      }
      TeacherCheck.check(teacher, longest, tokenizer);
      return new Checked(model, teacher.vocabularySize(), teacher.runtime());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--model=" + path + ": " + e.getMessage(), e);
    }
  }
}
