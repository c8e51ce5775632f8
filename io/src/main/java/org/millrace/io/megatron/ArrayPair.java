package org.millrace.io.megatron;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.column.NdArray;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TokenRow;
import org.millrace.io.shard.LocalFile;
import org.millrace.io.shard.ShardScratch;
import org.millrace.transforms.data.Half;

/**
 * Writes a pair beside that of the tokens: each sequence is a row's array, row after row. Its type
 * is float32 where the array's is float16, of which Megatron-LM knows nothing.
 */
final class ArrayPair implements Closeable {

  private final RowColumn column;
  private final Path idx;
  private final Path bin;
  private final LittleEndianOutput out;
  private long sequences;

  ArrayPair(RowColumn column, ShardScratch scratch) throws IOException {
    this.column = column;
    this.idx = scratch.newFile(MegatronFormat.IDX);
    this.bin = scratch.newFile(MegatronFormat.BIN);
    this.out = new LittleEndianOutput(bin);
  }

  private DType dtype() {
    return column.dtype() == DType.FLOAT16 ? DType.FLOAT32 : column.dtype();
  }

  void write(TokenRow row) throws IOException {
    NdArray array = column.of(row);
    out.write(array.dtype() == DType.FLOAT16 ? widened(array) : array.data());
    sequences++;
  }

  private static ByteBuffer widened(NdArray halves) {
    ByteBuffer floats =
        ByteBuffer.allocate(halves.elements() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < halves.elements(); i++) {
      floats.putFloat((float) Half.value(halves.data().getShort(i * Short.BYTES)));
    }
    return floats.flip();
  }

  /** Completes both files. */
  List<LocalFile> finish() throws IOException {
    out.flush();
    out.close();
    int length = column.shape().stream().reduce(1, Math::multiplyExact);
    try (LittleEndianOutput index = new LittleEndianOutput(idx)) {
      index.write(new MegatronHeader(dtype(), sequences, sequences + 1).encode());
      for (long i = 0; i < sequences; i++) {
        index.writeInt(length);
      }
      for (long i = 0; i < sequences; i++) {
        index.writeLong(i * length * dtype().bytes());
      }
      for (long i = 0; i <= sequences; i++) {
        index.writeLong(i);
      }
      index.flush();
    }
    String stem = "." + column.column().name();
    return List.of(
        LocalFile.whole(bin, stem + MegatronFormat.BIN, sequences),
        LocalFile.whole(idx, stem + MegatronFormat.IDX, sequences));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
