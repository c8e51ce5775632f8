package org.millrace.transforms.logits;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the files beside an ONNX model that hold its weights: a model of more than 2 GiB keeps them
 * there. Reads the model as a stream, and passes over all that does not matter.
 *
 * <pre>
 * ModelProto --> ..., 7: GraphProto, ...        GraphProto --> ..., (5: TensorProto)^n, ...
 * TensorProto --> ..., (13: StringStringEntryProto)^n, ...
 * StringStringEntryProto --> 1: key, 2: value   the key "location" names the file
 * </pre>
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
final class ExternalData {

  private static final int GRAPH = 7;
  private static final int INITIALIZER = 5;
  private static final int EXTERNAL_DATA = 13;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final String LOCATION = "location";

  /** No path is longer; a longer text is something else. */
  private static final int MAX_TEXT = 4096;

  private final InputStream in;
  private final SortedSet<String> locations = new TreeSet<>();
  private long at;

  private ExternalData(InputStream in) {
    this.in = in;
  }

  /**
   * The files' names, relative to the model's folder.
   *
   * @param in the model, read to its end
   * @throws IOException when it is no such model
   */
  static SortedSet<String> locations(InputStream in) throws IOException {
    ExternalData data = new ExternalData(in);
    data.message(Long.MAX_VALUE, GRAPH, INITIALIZER, EXTERNAL_DATA);
    return data.locations;
  }

  /** Reads a message up to its end, and the fields on a path within it. */
  private void message(long end, int... path) throws IOException {
    while (at < end) {
      long tag = end == Long.MAX_VALUE ? tagOrEnd() : varint();
      if (tag < 0) {
        return;
      }
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> varint();
        case 1 -> skip(8);
        case 5 -> skip(4);
        case 2 -> {
          long length = varint();
          if (length < 0 || length > end - at) {
            throw new IOException("offset " + at + ": a field is longer than what holds it");
          }
          nested(at + length, field, path);
        }
        default -> throw new IOException("offset " + at + ": expected a field, got kind " + tag);
      }
    }
  }

  private void nested(long end, int field, int[] path) throws IOException {
    if (path.length == 0 || field != path[0]) {
      skip(end - at);
    } else if (path.length == 1) {
      entry(end);
    } else {
      int[] rest = new int[path.length - 1];
      System.arraycopy(path, 1, rest, 0, rest.length);
      message(end, rest);
    }
  }

  private void entry(long end) throws IOException {
    String key = "";
    String value = "";
    while (at < end) {
      long tag = varint();
      long length = varint();
      if ((tag & 7) != 2 || length < 0 || length > Math.min(end - at, MAX_TEXT)) {
        throw new IOException("offset " + at + ": expected the place of weights");
      }
      byte[] bytes = in.readNBytes((int) length);
      at += bytes.length;
      String text = new String(bytes, StandardCharsets.UTF_8);
      key = tag >>> 3 == KEY ? text : key;
      value = tag >>> 3 == VALUE ? text : value;
    }
    if (key.equals(LOCATION)) {
      locations.add(value);
    }
  }

  private long tagOrEnd() throws IOException {
    int first = in.read();
    if (first < 0) {
      return -1;
    }
    at++;
    return first < 0x80 ? first : (first & 0x7F) | (varint() << 7);
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("offset " + at + ": ends within a number");
      }
      at++;
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("offset " + at + ": expected a number of up to 10 bytes");
  }

  private void skip(long bytes) throws IOException {
    in.skipNBytes(bytes);
    at += bytes;
  }
}
