package org.millrace.io.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;

/** Makes documents of JSON objects. Where an object has a key twice, the last one counts. */
final class JsonRecordParser {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // The keys are the input's, so they must neither fill the JVM's table of strings nor end
          // the job by clever collisions.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(1000)
                  .maxNumberLength(1000)
                  .build())
          .build();

  private static final String NO_META = "{}";

  private static final JsonValue EMPTY = new JsonValue.Text("");

  private final DocumentFields fields;
  private final UnicodeText unicode;
  private final PlainRecord plain;
  private final boolean isPlain;

  JsonRecordParser(ReadSettings settings) {
    this.fields = settings.fields();
    this.unicode = new UnicodeText(settings.invalidText());
    this.plain = new PlainRecord(fields);
    this.isPlain = fields.keepsNothing() && fields.source().isEmpty();
  }

  /** The document of a record, which stands at {@code offset} in its file. */
  RawDocument parse(byte[] bytes, int from, int length, long offset) throws RecordException {
    int ascii = ByteSearch.endOfAscii(bytes, from, from + length);
    if (!Utf8.isWellFormed(bytes, ascii, from + length - ascii)) {
      byte[] replaced =
          unicode.decode(bytes, from, length, "the record").getBytes(StandardCharsets.UTF_8);
      return parse(replaced, 0, replaced.length, offset);
    }
    if (isPlain && plain.read(bytes, from, length)) {
      return new RawDocument(offset, plain.id(), "", plain.text(), NO_META);
    }
    return parseAny(bytes, from, length, offset);
  }

  /** The same for any record in well-formed UTF-8, without the short cut. */
  RawDocument parseAny(byte[] bytes, int from, int length, long offset) throws RecordException {
    // Jackson would take these for UTF-16 or UTF-32.
    for (int i = from; i < from + Math.min(4, length); i++) {
      if (bytes[i] == 0) {
        throw RecordException.invalidJson("NUL at byte " + (i - from));
      }
    }
    try (JsonParser parser = FACTORY.createParser(bytes, from, length)) {
      return document(parser, offset);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw RecordException.invalidJson(e.getOriginalMessage() + " at byte " + at);
    } catch (IOException e) {
      throw new UncheckedIOException("a stream in memory failed", e);
    }
  }

  private RawDocument document(JsonParser parser, long offset) throws IOException, RecordException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw RecordException.invalidJson("nothing but blanks or a byte order mark");
    }
    if (first != JsonToken.START_OBJECT) {
      // Broken JSON is not to be taken for a scalar.
      JsonValue value = value(parser);
      refuseMore(parser);
      if (fields.bareTexts() && isText(value)) {
        return new RawDocument(
            offset, takeId(new TreeMap<>()), takeSource(new TreeMap<>()), textOf(value), "{}");
      }
      throw RecordException.notAnObject(value.kind());
    }
    TreeMap<String, JsonValue> members = new TreeMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.getCurrentName();
      parser.nextToken();
      if (isRole(name) || fields.checks(name)) {
        members.put(unicode.check(name, "a key"), value(parser));
      } else {
        parser.skipChildren();
      }
    }
    refuseMore(parser);
    String text = takeText(members);
    String id = takeId(members);
    String source = takeSource(members);
    if (fields.keepsNothing()) {
      return new RawDocument(offset, id, source, text, NO_META);
    }
    members.keySet().removeIf(name -> !fields.keeps(name));
    return new RawDocument(offset, id, source, text, new JsonValue.Members(members).canonical());
  }

  private boolean isRole(String name) {
    return fields.text().contains(name)
        || fields.id().filter(name::equals).isPresent()
        || fields.source().map(SourceField::first).filter(name::equals).isPresent();
  }

  private String takeSource(SortedMap<String, JsonValue> members) throws RecordException {
    return fields.source().isPresent() ? fields.source().get().of(members) : "";
  }

  /** Whether it is a string, or a list of one or more. */
  private static boolean isText(JsonValue value) {
    return value instanceof JsonValue.Text
        || (value instanceof JsonValue.Array list
            && !list.values().isEmpty()
            && list.values().stream().allMatch(JsonValue.Text.class::isInstance));
  }

  /** A list's strings with an empty line between each two of them. */
  private static String textOf(JsonValue value) {
    return value instanceof JsonValue.Array list
        ? list.values().stream()
            .map(each -> ((JsonValue.Text) each).value())
            .collect(Collectors.joining("\n\n"))
        : ((JsonValue.Text) value).value();
  }

  private static void refuseMore(JsonParser parser) throws IOException, RecordException {
    if (parser.nextToken() != null) {
      throw RecordException.invalidJson(
          "more follows the object at byte " + parser.getTokenLocation().getByteOffset());
    }
  }

  private String takeText(SortedMap<String, JsonValue> members) throws RecordException {
    for (String name : fields.text()) {
      JsonValue value = members.remove(name);
      if (value instanceof JsonValue.Text text) {
        return text.value();
      }
      if (fields.bareTexts() && value != null && isText(value)) {
        return textOf(value);
      }
      if (value != null) {
        throw RecordException.missingText(
            "field " + name + ": expected a string, got " + value.kind());
      }
    }
    throw RecordException.missingText("no field named " + String.join(" or ", fields.text()));
  }

  private String takeId(SortedMap<String, JsonValue> members) throws RecordException {
    if (fields.id().isEmpty()) {
      return "";
    }
    String name = fields.id().orElseThrow();
    JsonValue value = members.remove(name);
    if (value instanceof JsonValue.Text text && !text.value().isEmpty()) {
      return text.value();
    }
    if (value instanceof JsonValue.Literal literal && value.kind().equals("a number")) {
      return literal.value();
    }
    throw RecordException.missingId(
        String.format(
            Locale.ROOT,
            "field %s: expected a string or a number, got %s",
            name,
            value == null ? "nothing" : value.equals(EMPTY) ? "\"\"" : value.kind()));
  }

  /** The value whose first token is the parser's current one. */
  private JsonValue value(JsonParser parser) throws IOException, RecordException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      TreeMap<String, JsonValue> members = new TreeMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = unicode.check(parser.getCurrentName(), "a key");
        parser.nextToken();
        members.put(name, value(parser));
      }
      return new JsonValue.Members(members);
    }
    if (token == JsonToken.START_ARRAY) {
      List<JsonValue> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(value(parser));
      }
      return new JsonValue.Array(values);
    }
    return token == JsonToken.VALUE_STRING
        ? new JsonValue.Text(unicode.check(parser.getText(), "a string"))
        : new JsonValue.Literal(parser.getText());
  }
}
