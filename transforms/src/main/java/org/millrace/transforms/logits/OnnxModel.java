package org.millrace.transforms.logits;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;

/**
 * A causal language model in ONNX, run by ONNX Runtime.
 *
 * <p>Its inputs are {@code input_ids} and, where it has them, {@code attention_mask} and {@code
 * position_ids}, int64 or int32 {@code [batch, sequence]}; its output {@code logits} is float32,
 * float16 or bfloat16 {@code [batch, sequence, vocabulary]}. Rows are padded on the right.
 *
 * <pre>{@code
 * OnnxModel model = OnnxModel.at("models/stories260K/model.onnx");
 * try (Teacher teacher = model.open()) {
 *   ...
 * }
 * }</pre>
 *
 * @param path an ONNX file, as Beam's file systems name it; every worker must be able to read it,
 *     and the files beside it that hold its weights
 * @param name what the manifest calls it
 * @param sha256 of the file, in hexadecimal; a worker refuses a file with another one
 * @param provider what computes
 * @param device the number of the GPU; of no meaning for a CPU
 * @param threads how many threads one batch is computed by; batches of several threads of the
 *     runner are computed at the same time
 */
public record OnnxModel(
    String path, String name, String sha256, Provider provider, int device, int threads)
    implements TeacherSpec {

  /** What computes. */
  public enum Provider {
    /** The processor. */
    CPU,
    /** A GPU of NVIDIA, with ONNX Runtime's build for it. */
    CUDA
  }

  public OnnxModel {
    checkArgument(device >= 0, "device must be 0 or more, was %s", device);
    checkArgument(threads > 0, "threads must be 1 or more, was %s", threads);
  }

  /**
   * The model at {@code path}: an ONNX file, or a folder that holds a model.onnx. It is called
   * after the folder, or, where the file has another name, after the file. One thread of the
   * processor computes a batch.
   *
   * @throws IllegalArgumentException where the file is no ONNX
   * @throws java.io.FileNotFoundException where there is no file
   */
  public static OnnxModel at(String path) throws IOException {
    ModelFile file = ModelFile.at(path);
    return new OnnxModel(file.path(), file.name(), file.sha256(), Provider.CPU, 0, 1);
  }

  /** The same on another device. */
  public OnnxModel withProvider(Provider newProvider, int newDevice) {
    return new OnnxModel(path, name, sha256, newProvider, newDevice, threads);
  }

  /** The same with so many threads for a batch, 1 or more. */
  public OnnxModel withThreads(int newThreads) {
    return new OnnxModel(path, name, sha256, provider, device, newThreads);
  }

  @Override
  public Teacher open() throws IOException {
    return SharedTeacher.open(key(), this::load);
  }

  /** A text, because a record as a key would keep its class loader in a finished job's worker. */
  String key() {
    return String.join(
        " ", sha256, provider.name(), Integer.toString(device), Integer.toString(threads));
  }

  private Teacher load() throws IOException {
    ModelFile file = ModelFile.at(path);
    String found = file.sha256();
    if (!found.equals(sha256)) {
      throw new IOException(
          "%s is not the model that the job began with: expected SHA-256 %s, got %s"
              .formatted(path, sha256, found));
    }
    return OnnxTeacher.load(this, file);
  }
}
