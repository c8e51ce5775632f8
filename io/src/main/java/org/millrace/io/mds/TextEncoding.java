package org.millrace.io.mds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Values that are kept as text in UTF-8. Each takes text of its own form too, and keeps it. */
enum TextEncoding implements Encoding {
  STR("text", ".*") {
    @Override
    Optional<String> text(Object value) {
      return Optional.empty();
    }
  },
  STR_INT("a whole number", "[+-]?[0-9]+") {
    @Override
    Optional<String> text(Object value) {
      return PythonJson.isWhole(value) ? Optional.of(value.toString()) : Optional.empty();
    }
  },
  STR_FLOAT("a number", "[+-]?(([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?|inf|nan)") {
    @Override
    Optional<String> text(Object value) {
      return value instanceof Double || value instanceof Float
          ? Optional.of(PythonFloat.repr(((Number) value).doubleValue()))
          : Optional.empty();
    }
  },
  STR_DECIMAL(
      "a decimal number",
      "[+-]?(([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?|Infinity|s?NaN[0-9]*)") {
    @Override
    Optional<String> text(Object value) {
      // Python and Java follow the same notation: "to-scientific-string" of Cowlishaw's arithmetic.
      return value instanceof BigDecimal ? Optional.of(value.toString()) : Optional.empty();
    }
  },
  /** A {@code String} is JSON itself; text as a value is to be in quotes already. */
  JSON("JSON", ".*") {
    @Override
    Optional<String> text(Object value) {
      boolean plain =
          value instanceof Map
              || value instanceof List
              || value instanceof Boolean
              || value instanceof Number;
      return plain ? Optional.of(PythonJson.encode(value)) : Optional.empty();
    }

    @Override
    boolean isForm(String text) {
      try (JsonParser parser = JSON_FACTORY.createParser(text)) {
        parser.nextToken();
        parser.skipChildren();
        return parser.currentToken() != null && parser.nextToken() == null;
      } catch (JsonProcessingException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e); // there is no file
      }
    }
  };

  private static final JsonFactory JSON_FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final String form;
  private final Pattern pattern;

  TextEncoding(String form, String pattern) {
    this.form = form;
    this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
  }

  static Optional<Encoding> find(String name) {
    return Arrays.stream(values())
        .filter(encoding -> encoding.name().toLowerCase(Locale.ROOT).equals(name))
        .map(Encoding.class::cast)
        .findFirst();
  }

  /** The text of a value that is no text; empty where it is of another type. */
  abstract Optional<String> text(Object value);

  /** Whether text is one that the encoding keeps. */
  boolean isForm(String text) {
    return pattern.matcher(text).matches();
  }

  @Override
  public OptionalInt size() {
    return OptionalInt.empty();
  }

  @Override
  public Encoded encode(Object value) {
    if (value instanceof String text) {
      if (!isForm(text)) {
        throw new IllegalArgumentException("expected " + form + ", got " + Excerpt.of(text));
      }
      return utf8(text);
    }
    return utf8(text(value).orElseThrow(() -> Encoding.wrongType(form, value)));
  }

  private static Encoded utf8(String text) {
    try {
      return Encoded.of(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("expected text, got half of a surrogate pair in it", e);
    }
  }

  @Override
  public String decode(ByteBuffer bytes) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("expected UTF-8, got other bytes", e);
    }
    if (!isForm(text)) {
      throw new IOException("expected " + form + ", got " + Excerpt.of(text));
    }
    return text;
  }
}
