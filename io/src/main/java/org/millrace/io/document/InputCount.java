package org.millrace.io.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * How many documents an input file gave. A file that is read in ranges gives one count for each
 * range.
 *
 * @param path relative to the input's root
 * @param bytes the file's size, as it is stored
 * @param documents the documents read from it, bad records not among them
 */
@DefaultCoder(InputCount.InputCountCoder.class)
public record InputCount(String path, long bytes, long documents) implements Serializable {

  /**
   * Counts of ranges as counts of files: those with one path have one size, and their documents are
   * added up.
   */
  public static List<InputCount> merge(Iterable<InputCount> ranges) {
    TreeMap<String, InputCount> files = new TreeMap<>();
    for (InputCount range : ranges) {
      files.merge(
          range.path, range, (a, b) -> new InputCount(a.path, a.bytes, a.documents + b.documents));
    }
    Collection<InputCount> merged = files.values();
    return List.copyOf(merged);
  }

  /** The count as a note's fact: both numbers, then the path, with blanks between. */
  String toFact() {
    return bytes + " " + documents + " " + path;
  }

  static InputCount ofFact(String fact) {
    String[] parts = fact.split(" ", 3);
    return new InputCount(parts[2], Long.parseLong(parts[0]), Long.parseLong(parts[1]));
  }

  /** Writes the fields in their order. */
  public static final class InputCountCoder extends AtomicCoder<InputCount> {
    private static final InputCountCoder INSTANCE = new InputCountCoder();

    private InputCountCoder() {}

    public static InputCountCoder of() {
      return INSTANCE;
    }

    public static CoderProvider getCoderProvider() {
      return CoderProviders.forCoder(TypeDescriptor.of(InputCount.class), INSTANCE);
    }

    @Override
    public void encode(InputCount count, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(count.path, out);
      VarInt.encode(count.bytes, out);
      VarInt.encode(count.documents, out);
    }

    @Override
    public InputCount decode(InputStream in) throws IOException {
      return new InputCount(
          StringUtf8Coder.of().decode(in), VarInt.decodeLong(in), VarInt.decodeLong(in));
    }
  }
}
