package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Bytes as they are. */
record BytesEncoding() implements Encoding {

  @Override
  public OptionalInt size() {
    return OptionalInt.empty();
  }

  @Override
  public Encoded encode(Object value) {
    throw Encoding.wrongType("bytes", value); // bytes need no encoding
  }

  @Override
  public byte[] decode(ByteBuffer bytes) throws IOException {
    byte[] value = new byte[bytes.remaining()];
    bytes.duplicate().get(value);
    return value;
  }
}
