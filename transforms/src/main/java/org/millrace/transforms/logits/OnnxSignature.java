package org.millrace.transforms.logits;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * What a model takes and gives, as far as a teacher's goes.
 *
 * @param inputs those that the model has
 * @param logits the type of the logits
 * @param vocabularySize the last dimension of the logits
 * @param fixedRows the number of rows, where the model has but one
 * @param fixedLength the length of rows, where the model has but one
 */
record OnnxSignature(
    List<Input> inputs,
    OnnxJavaType logits,
    int vocabularySize,
    OptionalInt fixedRows,
    OptionalInt fixedLength) {

  /** The name of the output. */
  static final String LOGITS = "logits";

  private static final List<OnnxJavaType> LOGIT_TYPES =
      List.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16);

  /** What an input is for. */
  enum Role {
    IDS("input_ids"),
    MASK("attention_mask"),
    POSITIONS("position_ids");

    private final String input;

    Role(String input) {
      this.input = input;
    }
  }

  /** The type of an input's numbers. */
  enum Whole {
    INT64(OnnxJavaType.INT64),
    INT32(OnnxJavaType.INT32);

    private final OnnxJavaType type;

    Whole(OnnxJavaType type) {
      this.type = type;
    }

    OnnxJavaType type() {
      return type;
    }

    void put(ByteBuffer target, int value) {
      switch (this) {
        case INT64 -> target.putLong(value);
        case INT32 -> target.putInt(value);
      }
    }
  }

  /**
   * An input.
   *
   * @param name in the model
   */
  record Input(Role role, String name, Whole type) {}

  /**
   * Of a model.
   *
   * @throws IllegalArgumentException when it is none of a causal language model, with the reason
   */
  static OnnxSignature of(OrtSession session, OrtEnvironment environment) throws OrtException {
    Map<String, NodeInfo> given = new HashMap<>(session.getInputInfo());
    List<Input> inputs = new ArrayList<>();
    long[] shape = {-1, -1};
    for (Role role : Role.values()) {
      NodeInfo info = given.remove(role.input);
      if (info == null && role == Role.IDS) {
        throw new IllegalArgumentException(
            "it has no input " + role.input + ", but " + new TreeSet<>(session.getInputNames()));
      }
      if (info != null) {
        TensorInfo tensor = tensor("input " + role.input, info, 2);
        inputs.add(new Input(role, role.input, whole(role.input, tensor)));
        merge(shape, tensor.getShape());
      }
    }
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "it needs inputs beside input_ids, attention_mask and position_ids: "
              + String.join(", ", new TreeSet<>(given.keySet()))
              + "; export it without a cache (as use_cache=False)");
    }
    NodeInfo output =
        Optional.ofNullable(session.getOutputInfo().get(LOGITS))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "it has no output logits, but " + outputs(session)));
    TensorInfo logits = tensor("output logits", output, 3);
    if (!LOGIT_TYPES.contains(logits.type)) {
      throw new IllegalArgumentException(
          "output logits: expected float32, float16 or bfloat16, got " + logits.onnxType);
    }
    OnnxSignature unknown =
        new OnnxSignature(List.copyOf(inputs), logits.type, 1, fixed(shape[0]), fixed(shape[1]));
    return unknown.withVocabulary(session, environment, logits.getShape()[2]);
  }

  private static TreeSet<String> outputs(OrtSession session) {
    return new TreeSet<>(session.getOutputNames());
  }

  private static TensorInfo tensor(String name, NodeInfo info, int rank) {
    if (info.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == rank) {
      return tensor;
    }
    String expected = rank == 2 ? "[batch, sequence]" : "[batch, sequence, vocabulary]";
    throw new IllegalArgumentException(
        name
            + ": expected "
            + expected
            + ", got "
            + (info.getInfo() instanceof TensorInfo tensor
                ? Arrays.toString(tensor.getShape())
                : info.getInfo().toString()));
  }

  private static Whole whole(String input, TensorInfo tensor) {
    for (Whole whole : Whole.values()) {
      if (whole.type == tensor.type) {
        return whole;
      }
    }
    throw new IllegalArgumentException(
        "input " + input + ": expected int64 or int32, got " + tensor.onnxType);
  }

  private static void merge(long[] shape, long[] other) {
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] > 0 && other[i] > 0 && shape[i] != other[i]) {
        throw new IllegalArgumentException("its inputs have different shapes");
      }
      shape[i] = Math.max(shape[i], other[i]);
    }
    if (shape[0] > 1) {
      throw new IllegalArgumentException(
          "its batches have " + shape[0] + " rows; expected any number, or 1");
    }
  }

  private static OptionalInt fixed(long dimension) {
    return dimension > 0 ? OptionalInt.of(Math.toIntExact(dimension)) : OptionalInt.empty();
  }

  /** Where the model does not say how many logits it gives, one token is asked about. */
  private OnnxSignature withVocabulary(OrtSession session, OrtEnvironment environment, long said)
      throws OrtException {
    long size = said > 0 ? said : dimensions(session, environment)[2];
    if (size < 2 || size > Integer.MAX_VALUE / Float.BYTES) {
      throw new IllegalArgumentException("output logits: expected a vocabulary, got " + size);
    }
    return new OnnxSignature(inputs, logits, (int) size, fixedRows, fixedLength);
  }

  private long[] dimensions(OrtSession session, OrtEnvironment environment) throws OrtException {
    int length = fixedLength.orElse(1);
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Input input : inputs) {
        ByteBuffer values =
            ByteBuffer.allocateDirect(length * input.type.type.size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < length; i++) {
          input.type.put(values, input.role == Role.MASK ? 1 : 0);
        }
        tensors.put(
            input.name,
            OnnxTensor.createTensor(
                environment, values.flip(), new long[] {1, length}, input.type.type));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        OnnxValue value = result.get(LOGITS).orElseThrow();
        return ((TensorInfo) value.getInfo()).getShape();
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  int maxRows() {
    return fixedRows.orElse(Integer.MAX_VALUE);
  }

  Whole idType() {
    return type(Role.IDS);
  }

  Whole maskType() {
    return type(Role.MASK);
  }

  Whole positionType() {
    return type(Role.POSITIONS);
  }

  private Whole type(Role role) {
    return inputs.stream()
        .filter(input -> input.role == role)
        .map(Input::type)
        .findFirst()
        .orElse(Whole.INT64);
  }
}
