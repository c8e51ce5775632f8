package org.millrace.io.mds;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * JSON as Python's {@code json.dumps} writes it: separators {@code ", "} and {@code ": "}, nothing
 * but ASCII, {@code NaN} and {@code Infinity} as they are; keys in the order of their map.
 */
public final class PythonJson {

  private final StringBuilder text = new StringBuilder();

  private PythonJson() {}

  /**
   * Encodes a value.
   *
   * @param value maps with keys of type String, lists, strings, numbers, booleans, null
   * @throws IllegalArgumentException when there is something else in it
   */
  public static String encode(Object value) {
    PythonJson json = new PythonJson();
    json.append(value);
    return json.text.toString();
  }

  private void append(Object value) {
    if (value == null) {
      text.append("null");
    } else if (value instanceof String string) {
      appendString(string);
    } else if (value instanceof Map<?, ?> map) {
      appendMap(map);
    } else if (value instanceof List<?> list) {
      appendList(list);
    } else if (value instanceof Boolean || value instanceof BigDecimal || isWhole(value)) {
      text.append(value);
    } else if (value instanceof Double || value instanceof Float) {
      appendDouble(((Number) value).doubleValue());
    } else {
      throw new IllegalArgumentException(
          "expected maps, lists, strings, numbers, booleans and null for JSON, got "
              + value.getClass().getName());
    }
  }

  /** Whether the value is a whole number of one of Java's types. */
  static boolean isWhole(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger;
  }

  private void appendDouble(double value) {
    if (Double.isInfinite(value)) {
      text.append(value < 0 ? "-Infinity" : "Infinity");
    } else {
      text.append(Double.isNaN(value) ? "NaN" : PythonFloat.repr(value));
    }
  }

  private void appendMap(Map<?, ?> map) {
    text.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      checkArgument(
          entry.getKey() instanceof String, "expected JSON keys of text, got %s", entry.getKey());
      appendString((String) entry.getKey());
      text.append(": ");
      append(entry.getValue());
      text.append(entries.hasNext() ? ", " : "");
    }
    text.append('}');
  }

  private void appendList(List<?> list) {
    text.append('[');
    Iterator<?> elements = list.iterator();
    while (elements.hasNext()) {
      append(elements.next());
      text.append(elements.hasNext() ? ", " : "");
    }
    text.append(']');
  }

  private void appendString(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      appendChar(string.charAt(i));
    }
    text.append('"');
  }

  private void appendChar(char c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\f' -> text.append("\\f");
      case '\b' -> text.append("\\b");
      default -> {
        if (c >= ' ' && c <= '~') {
          text.append(c);
        } else {
          String hex = Integer.toHexString(c);
          text.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
        }
      }
    }
  }
}
