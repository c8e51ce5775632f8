package org.millrace.io.document;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Splitter;

/**
 * The field that says which source a record is of.
 *
 * @param path the names that lead to it, as {@code meta} and {@code redpajama_set_name}
 * @param known the only sources that there may be; where it is empty, any may
 */
record SourceField(List<String> path, List<String> known) implements Serializable {

  SourceField {
    checkArgument(
        !path.isEmpty() && path.stream().noneMatch(String::isEmpty),
        "source field: expected names with dots between, as meta.redpajama_set_name, got %s",
        String.join(".", path));
    path = List.copyOf(path);
    known = List.copyOf(known);
  }

  static SourceField of(String dotted, List<String> known) {
    return new SourceField(Splitter.on('.').splitToList(dotted), known);
  }

  /** The field of the record in which it is, or which it is. */
  String first() {
    return path.get(0);
  }

  /** The source of a record with these fields. */
  String of(Map<String, JsonValue> members) throws RecordException {
    JsonValue value = members.get(first());
    for (String name : path.subList(1, path.size())) {
      value = value instanceof JsonValue.Members of ? of.values().get(name) : null;
    }
    if (!(value instanceof JsonValue.Text text) || text.value().isEmpty()) {
      throw RecordException.missingSource(
          "field "
              + this
              + ": expected a string that is not empty, got "
              + (value == null ? "nothing" : value.canonical()));
    }
    if (!known.isEmpty() && !known.contains(text.value())) {
      throw RecordException.unknownSource(
          "field "
              + this
              + ": expected one of "
              + String.join(", ", known)
              + ", got "
              + text.value()
              + "; read.sources lists them");
    }
    return text.value();
  }

  /** The names with dots between. */
  @Override
  public String toString() {
    return String.join(".", path);
  }
}
