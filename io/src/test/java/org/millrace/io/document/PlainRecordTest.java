package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short cut for plain records reads what the parser for all records reads. */
class PlainRecordTest {

  private static final List<DocumentFields> FIELDS =
      List.of(
          DocumentFields.defaults().withMetaUnused(),
          DocumentFields.defaults().withoutMeta(),
          DocumentFields.defaults().withId("id").withMetaUnused(),
          DocumentFields.defaults().withMeta(List.of("m", "lang")).withMetaUnused(),
          DocumentFields.defaults().withText("body", "text").withId("url").withMetaUnused());

  private static final List<String> RECORDS =
      List.of(
          "{\"text\":\"x\"}",
          " { \"text\" : \"a \\\"b\\\" \\\\ \\/ \\b\\f\\n\\r\\t\" , \"meta\" : { } } \t\r",
          "{\"text\":\"caf\u00e9 \u4e2d\u6587 \ud83d\ude00\",\"m\":[1,-2.5e+10,true,false,null,{}]}",
          "{\"text\":\"\\u0041\\u00e9\\u4E2d\\ud83d\\ude00\\u0000\",\"id\":\"7\",\"url\":\"u\"}",
          "{\"id\":17,\"content\":\"the second name\",\"lang\":\"en\",\"score\":0.25}",
          "{\"text\":\"one\",\"content\":\"two\",\"body\":\"three\",\"id\":\"i\",\"url\":\"u\"}",
          "{\"meta\":{\"a\":[[],[[]],{\"b\":{\"c\":\"d\\u1234\"}}]},\"text\":\"deep\",\"id\":\"x\"}",
          "{\"text\":\"\",\"id\":\"\",\"url\":\"\"}",
          "{\"text\":\"long enough to be copied by words, and then some more of it, until here\"}",
          "{\"text\":null,\"n\":0,\"m\":-0,\"lang\":10e5,\"id\":1.0}",
          "[1,2]",
          "\"text\"",
          "{}",
          "12");

  private static final List<String> PIECES =
      List.of(
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          " ",
          "\t",
          "\r",
          "\n",
          "\u0000",
          "\u001f",
          "\u007f",
          "\u00e9",
          "\ud83d\ude00",
          "0",
          "1",
          "-",
          "+",
          ".",
          "e",
          "E",
          "u",
          "\\u",
          "\\ud83d",
          "\\ude00",
          "\\ud83d\\ude00",
          "\\u0022",
          "\\u00",
          "\\x",
          "true",
          "tru",
          "null",
          "NaN",
          "Infinity",
          "/",
          "//",
          "/*",
          "'",
          "#",
          "\ufeff",
          "\"text\":\"t\",",
          "\"id\":\"i\",",
          "\"text\":",
          "01",
          "1.",
          ".5",
          "1e",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");

  static List<DocumentFields> fields() {
    return FIELDS;
  }

  private static JsonRecordParser parser(DocumentFields fields) {
    return new JsonRecordParser(
        new ReadSettings(fields, DocumentFormat.JSONL, InvalidText.REJECT, 1 << 30));
  }

  private interface Parse {
    RawDocument parse() throws RecordException;
  }

  private static String outcome(Parse parse) {
    try {
      return parse.parse().toString();
    } catch (RecordException e) {
      return e.kind() + ": " + e.getMessage();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A record with some of its bytes taken out, doubled, or replaced by something nasty. */
  private static byte[] mutated(byte[] record, Random random) {
    byte[] bytes = record;
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      int from = random.nextInt(bytes.length + 1);
      int until = from + random.nextInt(Math.min(4, bytes.length - from + 1));
      byte[] piece =
          random.nextInt(4) == 0
              ? Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(12)))
              : utf8(PIECES.get(random.nextInt(PIECES.size())));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, from);
      out.writeBytes(random.nextInt(5) == 0 ? new byte[0] : piece);
      out.write(bytes, until, bytes.length - until);
      bytes = out.toByteArray();
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("fields")
  void readsMutatedRecordsAsTheParserForAllDoes(DocumentFields fields) {
    Random random = new Random(4);
    JsonRecordParser parser = parser(fields);
    PlainRecord plain = new PlainRecord(fields);
    int plainly = 0;
    for (int i = 0; i < 30_000; i++) {
      byte[] record = utf8(RECORDS.get(random.nextInt(RECORDS.size())));
      byte[] bytes = i % 10 == 0 ? record : mutated(record, random);
      if (!Utf8.isWellFormed(bytes) || new String(bytes, StandardCharsets.UTF_8).contains("\0")) {
        continue;
      }
      int before = random.nextInt(9);
      byte[] within = new byte[before + bytes.length + random.nextInt(9)];
      Arrays.fill(within, (byte) '"');
      System.arraycopy(bytes, 0, within, before, bytes.length);
      plainly += plain.read(within, before, bytes.length) ? 1 : 0;

      String shortCut = outcome(() -> parser.parse(within, before, bytes.length, 7));
      String all = outcome(() -> parser.parseAny(within, before, bytes.length, 7));

      assertThat(new String(bytes, StandardCharsets.UTF_8), shortCut, equalTo(all));
    }
    assertThat("records that took the short cut", plainly, greaterThan(300));
  }

  @Test
  void readsTextsOfEveryLengthAndEveryCharacter() {
    JsonRecordParser parser = parser(FIELDS.get(0));
    for (int c = 0; c <= 0x2FFFF; c += c < 0x300 ? 1 : 37) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      String character = Character.toString(c);
      byte[] bytes =
          utf8("{\"text\":\"" + "a".repeat(c % 19) + character + "b".repeat(c % 11) + "\"}");

      String shortCut = outcome(() -> parser.parse(bytes, 0, bytes.length, 7));
      String all = outcome(() -> parser.parseAny(bytes, 0, bytes.length, 7));

      assertThat(shortCut, equalTo(all));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"x\",\"text\":\"y\"}",
        "{\"text\":\"x\",\"content\":\"y\"}",
        "{\"text\":\"\\ud83d\"}",
        "{\"text\":\"x\",\"m\":\"\\ude00\"}",
        "{\"text\":\"x\",\"m\":01}",
        "{\"text\":\"x\",\"m\":NaN}",
        "{\"text\":\"x\",}",
        "{\"text\":\"x\"} 1",
        "{\"text\":\"x\"",
        "{\"\\u0074ext\":\"x\"}",
        "{\"text\":7}",
        "{\"n\":7}",
        "[]"
      })
  void leavesWhatIsOddToTheParserForAll(String record) {
    byte[] bytes = utf8(record);

    assertThat(new PlainRecord(FIELDS.get(0)).read(bytes, 0, bytes.length), is(false));
  }

  @Test
  void takesWhatIsCommon() {
    for (String record : RECORDS.subList(0, 5)) {
      byte[] bytes = utf8(record);

      assertThat(record, new PlainRecord(FIELDS.get(0)).read(bytes, 0, bytes.length), is(true));
    }
  }

  @Test
  void unusedMetaStillMakesARecordBad() {
    byte[] bytes = utf8("{\"text\":\"x\",\"m\":\"\\ude00\"}");

    String unused = outcome(() -> parser(FIELDS.get(0)).parse(bytes, 0, bytes.length, 7));
    String used = outcome(() -> parser(DocumentFields.defaults()).parse(bytes, 0, bytes.length, 7));

    assertThat(unused, equalTo(used));
  }
}
