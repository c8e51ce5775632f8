package org.millrace.io.mds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * How the values of a column are stored.
 *
 * @see <a href="https://github.com/mosaicml/streaming">streaming/base/format/mds/encodings.py</a>
 */
interface Encoding {

  /** Encodings whose values are bytes to us: the images of streaming are not looked into. */
  List<String> OPAQUE =
      List.of(
          "bytes",
          "pil",
          "jpeg",
          "png",
          "jpeg_array",
          "jpegarray",
          "list[pil]",
          "list[jpeg]",
          "list[png]");

  /** The number of bytes that every value takes; empty where they differ. */
  OptionalInt size();

  /**
   * Encodes a value.
   *
   * @throws IllegalArgumentException when it is not one that the column can hold: with what was
   *     expected and what was found
   */
  Encoded encode(Object value);

  /**
   * Decodes a value; see {@link org.millrace.io.stored.StoredSample#value}.
   *
   * @param bytes from position to limit, little-endian
   * @throws IOException when they are damaged: with what was expected and what was found
   */
  Object decode(ByteBuffer bytes) throws IOException;

  /**
   * The encoding of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Encoding of(String name) {
    if (OPAQUE.contains(name)) {
      return new BytesEncoding();
    }
    if (name.equals("ndarray") || name.startsWith("ndarray:")) {
      return ArrayEncoding.parse(name);
    }
    if (name.equals("pkl")) {
      return new PickleEncoding();
    }
    return ScalarEncoding.find(name)
        .or(() -> TextEncoding.find(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected an encoding of MDS, as str, json, int32, ndarray:uint16, got "
                        + name));
  }

  /** Says that a value is not of a type that the encoding takes. */
  static IllegalArgumentException wrongType(String expected, Object value) {
    return new IllegalArgumentException(
        "expected " + expected + ", got " + value.getClass().getName());
  }
}
