package org.millrace.transforms.logits;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Throwables;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.util.concurrent.Uninterruptibles;
import org.millrace.transforms.data.TokenIds;

/**
 * A model in ONNX Runtime: one session, used by all threads.
 *
 * <p>What a batch takes is kept for the next one, so that memory stays flat: buffers for as many
 * batches as are run at the same time, each as large as the largest was.
 */
final class OnnxTeacher implements Teacher {

  /** Holds the recursion over a command line of 128 KiB, the most that Linux takes for a word. */
  private static final long LOADING_STACK_BYTES = 1L << 26;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final OnnxSignature signature;
  private final String runtime;
  private final ArrayDeque<OnnxBatch> idle = new ArrayDeque<>();

  private OnnxTeacher(
      OrtEnvironment environment, OrtSession session, OnnxSignature signature, String device) {
    this.environment = environment;
    this.session = session;
    this.signature = signature;
    this.runtime = "onnxruntime " + environment.getVersion() + " " + device;
  }

  /**
   * Loads a model.
   *
   * @throws IllegalArgumentException when it is no teacher, or its device is not there
   */
  static Teacher load(OnnxModel model, ModelFile file) throws IOException {
    if (file.isLocal()) {
      return load(model, Path.of(file.path()));
    }
    Path folder = Files.createTempDirectory("millrace-teacher-");
    try {
      return load(model, file.copyTo(folder));
    } finally {
      // What the session still needs is mapped in memory.
      try (Stream<Path> copied = Files.walk(folder)) {
        for (Path each : copied.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  /**
   * ONNX Runtime looks through the command line of its process when it starts, by a recursion that
   * goes as deep as that is long. Where a class path is spelled out there, as on the workers of a
   * cluster, the usual 1 MiB of stack does not hold it, and the process would die without a word.
   */
  private static Teacher load(OnnxModel model, Path file) {
    FutureTask<Teacher> task = new FutureTask<>(() -> loadHere(model, file));
    new Thread(null, task, "millrace-teacher", LOADING_STACK_BYTES).start();
    try {
      return Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(e.getCause());
      throw new IllegalStateException(model.path() + " could not be loaded", e.getCause());
    }
  }

  private static Teacher loadHere(OnnxModel model, Path file) {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    try (SessionOptions options = options(model)) {
      OrtSession session = environment.createSession(file.toString(), options);
      try {
        OnnxSignature signature = OnnxSignature.of(session, environment);
        String device = model.provider().name().toLowerCase(Locale.ROOT);
        return new OnnxTeacher(environment, session, signature, device);
      } catch (OrtException | IllegalArgumentException e) {
        session.close();
        throw e;
      }
    } catch (OrtException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          model.path() + " cannot be a teacher: " + e.getMessage(), e);
    }
  }

  private static SessionOptions options(OnnxModel model) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(model.threads());
    options.setInterOpNumThreads(1);
    options.setDeterministicCompute(true);
    // Threads that wait would take the core from the runner's.
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    // A plan for each shape of a batch would be kept for ever.
    options.setMemoryPatternOptimization(false);
    return switch (model.provider()) {
      case CPU -> options;
      case CUDA -> withCuda(options, model.device());
    };
  }

  private static SessionOptions withCuda(SessionOptions options, int device) {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device)) {
      // TF32 would keep but 10 bits of each factor.
      cuda.add("use_tf32", "0");
      options.addCUDA(cuda);
      return options;
    } catch (OrtException e) {
      options.close();
      throw new IllegalArgumentException(
          "provider cuda, device "
              + device
              + ", cannot be used: it needs a build with -Pcuda, an NVIDIA GPU with its driver, and"
              + " CUDA and cuDNN on the library path; ONNX Runtime says: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public int vocabularySize() {
    return signature.vocabularySize();
  }

  @Override
  public int maxTokens() {
    return Integer.MAX_VALUE / (signature.vocabularySize() * signature.logits().size);
  }

  @Override
  public int maxRows() {
    return signature.fixedRows().orElse(Integer.MAX_VALUE);
  }

  @Override
  public String runtime() {
    return runtime;
  }

  @Override
  public Logits run(List<TokenIds> rows) throws IOException {
    OnnxBatch batch = take();
    boolean done = false;
    try {
      int length = batch.fill(rows);
      run(batch);
      done = true;
      return new Found(batch, length);
    } catch (OrtException e) {
      throw new IOException(
          "the teacher failed on %d sequences of up to %d tokens: %s"
              .formatted(
                  rows.size(),
                  rows.stream().mapToInt(TokenIds::length).max().orElse(0),
                  e.getMessage()),
          e);
    } finally {
      if (!done) {
        giveBack(batch);
      }
    }
  }

  private void run(OnnxBatch batch) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try (OnnxTensor logits = batch.logits(environment)) {
      for (OnnxSignature.Input input : signature.inputs()) {
        inputs.put(input.name(), batch.input(input, environment));
      }
      session.run(inputs, Set.of(), Map.of(OnnxSignature.LOGITS, logits)).close();
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxBatch take() {
    synchronized (idle) {
      return idle.isEmpty() ? new OnnxBatch(signature) : idle.pop();
    }
  }

  private void giveBack(OnnxBatch batch) {
    synchronized (idle) {
      idle.push(batch);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close the teacher: " + e.getMessage(), e);
    }
  }

  private final class Found implements Logits {
    private final OnnxBatch batch;
    private final int length;
    private boolean closed;

    Found(OnnxBatch batch, int length) {
      this.batch = batch;
      this.length = length;
    }

    @Override
    public void copyTo(int row, int position, float[] target) {
      if (closed) {
        throw new IllegalStateException("the logits are closed");
      }
      batch.copyLogits(row * length + position, target);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(batch);
      }
    }
  }
}
