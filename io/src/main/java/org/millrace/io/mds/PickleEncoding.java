package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.transforms.data.TokenIds;

/**
 * Pickles of numpy arrays, and of nothing else; token ids are int64, as CEPE has them. Lists of
 * arrays are read, as CEPE keeps passages.
 */
record PickleEncoding() implements Encoding {

  @Override
  public OptionalInt size() {
    return OptionalInt.empty();
  }

  @Override
  public Encoded encode(Object value) {
    if (value instanceof TokenIds ids) {
      return PickledArray.encode(NdArray.of(DType.INT64, ids));
    }
    if (value instanceof NdArray array) {
      return PickledArray.encode(array);
    }
    throw Encoding.wrongType("an array", value);
  }

  @Override
  public Object decode(ByteBuffer bytes) throws IOException {
    return new PickleReader(bytes).read();
  }
}
