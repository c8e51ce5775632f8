package org.millrace.transforms.logits;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.millrace.transforms.data.Half;
import org.millrace.transforms.data.TokenIds;

/**
 * Memory for a batch: ONNX Runtime reads its inputs in it, and writes its logits to it, so that
 * nothing is copied. Filled again and again.
 */
final class OnnxBatch {

  /** Stands behind the end of a row; every vocabulary has it. */
  private static final int PADDING = 0;

  private final OnnxSignature signature;
  private final float[] halves;
  private ByteBuffer ids = ByteBuffer.allocate(0);
  private ByteBuffer mask = ByteBuffer.allocate(0);
  private ByteBuffer positions = ByteBuffer.allocate(0);
  private ByteBuffer output = ByteBuffer.allocate(0);
  private FloatBuffer floats = FloatBuffer.allocate(0);
  private ShortBuffer shorts = ShortBuffer.allocate(0);
  private int rows;
  private int length;

  OnnxBatch(OnnxSignature signature) {
    this.signature = signature;
    this.halves = signature.logits() == OnnxJavaType.FLOAT16 ? allHalves() : new float[0];
  }

  private static float[] allHalves() {
    float[] all = new float[1 << Short.SIZE];
    for (int bits = 0; bits < all.length; bits++) {
      all[bits] = (float) Half.value((short) bits);
    }
    return all;
  }

  /** Puts rows in, padded on the right to one length, which it gives back. */
  int fill(List<TokenIds> batch) {
    rows = batch.size();
    int longest = batch.stream().mapToInt(TokenIds::length).max().orElse(0);
    length = signature.fixedLength().orElse(longest);
    if (rows == 0 || longest == 0 || longest > length || rows > signature.maxRows()) {
      throw new IllegalArgumentException(
          "expected up to %d rows of 1 to %d tokens, got %d of up to %d"
              .formatted(signature.maxRows(), length, rows, longest));
    }
    int width = Long.BYTES;
    ids = room(ids, (long) rows * length * width);
    mask = room(mask, (long) rows * length * width);
    positions = room(positions, (long) rows * length * width);
    long bytes = (long) rows * length * signature.vocabularySize() * signature.logits().size;
    if (output.capacity() < bytes) {
      output = room(output, bytes);
      floats = output.asFloatBuffer();
      shorts = output.asShortBuffer();
    }
    output.clear();
    output.limit((int) bytes);
    for (TokenIds row : batch) {
      put(row);
    }
    return length;
  }

  private void put(TokenIds row) {
    for (int i = 0; i < length; i++) {
      boolean inside = i < row.length();
      signature.idType().put(ids, inside ? row.get(i) : PADDING);
      signature.maskType().put(mask, inside ? 1 : 0);
      signature.positionType().put(positions, i);
    }
  }

  private static ByteBuffer room(ByteBuffer buffer, long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "expected a batch of up to 2 GiB of logits, got one of %d bytes".formatted(bytes));
    }
    if (buffer.capacity() >= bytes) {
      return buffer.clear();
    }
    return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
  }

  /** The tensor of an input; over this memory. */
  OnnxTensor input(OnnxSignature.Input input, OrtEnvironment environment) throws OrtException {
    ByteBuffer values =
        switch (input.role()) {
          case IDS -> ids;
          case MASK -> mask;
          case POSITIONS -> positions;
        };
    return OnnxTensor.createTensor(
        environment,
        values.duplicate().order(ByteOrder.nativeOrder()).flip(),
        new long[] {rows, length},
        input.type().type());
  }

  /** The tensor that takes the logits; over this memory. */
  OnnxTensor logits(OrtEnvironment environment) throws OrtException {
    return OnnxTensor.createTensor(
        environment,
        output,
        new long[] {rows, length, signature.vocabularySize()},
        signature.logits());
  }

  /**
   * Copies the logits of a position.
   *
   * @param position over all rows
   */
  void copyLogits(int position, float[] target) {
    int from = position * target.length;
    switch (signature.logits()) {
      case FLOAT -> floats.get(from, target);
      case FLOAT16 -> {
        for (int i = 0; i < target.length; i++) {
          target[i] = halves[shorts.get(from + i) & 0xFFFF];
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < target.length; i++) {
          target[i] = Float.intBitsToFloat(shorts.get(from + i) << Short.SIZE);
        }
      }
      default -> throw new IllegalStateException("no logits: " + signature.logits());
    }
  }
}
