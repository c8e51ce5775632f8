package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.transforms.data.TokenIds;

/** A value in the form that a shard keeps. Big values are not copied before they are written. */
sealed interface Encoded {

  /** No bytes. */
  ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** The number of bytes. */
  long size();

  /** Appends the bytes. */
  void writeTo(LittleEndianOutput output) throws IOException;

  /** Bytes as they are. */
  static Encoded of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  /** Bytes as they are, from the buffer's position to its limit. */
  static Encoded of(ByteBuffer bytes) {
    return new Bytes(NOTHING, bytes, NOTHING);
  }

  /** Bytes between others. */
  record Bytes(ByteBuffer head, ByteBuffer data, ByteBuffer tail) implements Encoded {

    @Override
    public long size() {
      return (long) head.remaining() + data.remaining() + tail.remaining();
    }

    @Override
    public void writeTo(LittleEndianOutput output) throws IOException {
      output.write(head.duplicate());
      output.write(data.duplicate());
      output.write(tail.duplicate());
    }
  }

  /** Token ids, which fit the type, behind other bytes. */
  record Ids(ByteBuffer head, TokenIds ids, DType dtype) implements Encoded {

    @Override
    public long size() {
      return head.remaining() + (long) ids.length() * dtype.bytes();
    }

    @Override
    public void writeTo(LittleEndianOutput output) throws IOException {
      output.write(head.duplicate());
      output.write(ids, dtype);
    }
  }
}
