package org.millrace.io.document;

import java.util.List;
import java.util.SortedMap;

/**
 * A JSON value in its canonical form: keys sorted by code units, no white space, numbers as they
 * were written, strings escaped only where they must be.
 */
sealed interface JsonValue {

  /** A string. */
  record Text(String value) implements JsonValue {}

  /** A number, true, false or null, as it is written. */
  record Literal(String value) implements JsonValue {}

  /** An array. */
  record Array(List<JsonValue> values) implements JsonValue {}

  /** An object. */
  record Members(SortedMap<String, JsonValue> values) implements JsonValue {}

  /** The kind of value, for messages. */
  default String kind() {
    if (this instanceof Text) {
      return "a string";
    }
    if (this instanceof Array) {
      return "an array";
    }
    return this instanceof Literal literal
        ? Character.isLetter(literal.value.charAt(0)) ? literal.value : "a number"
        : "an object";
  }

  /** Appends the value's canonical form. */
  default void write(StringBuilder out) {
    if (this instanceof Text text) {
      quote(text.value, out);
    } else if (this instanceof Literal literal) {
      out.append(literal.value);
    } else if (this instanceof Array array) {
      char separator = '[';
      for (JsonValue value : array.values) {
        value.write(out.append(separator));
        separator = ',';
      }
      out.append(array.values.isEmpty() ? "[]" : "]");
    } else if (this instanceof Members members) {
      char separator = '{';
      for (var member : members.values.entrySet()) {
        quote(member.getKey(), out.append(separator));
        member.getValue().write(out.append(':'));
        separator = ',';
      }
      out.append(members.values.isEmpty() ? "{}" : "}");
    }
  }

  /** The value's canonical form. */
  default String canonical() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
