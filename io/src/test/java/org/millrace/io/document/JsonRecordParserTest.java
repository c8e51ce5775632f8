package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRecordParserTest {

  private static final DocumentFields FIELDS = DocumentFields.defaults();

  private static RawDocument parse(String json, DocumentFields fields) throws RecordException {
    ReadSettings settings =
        new ReadSettings(fields, DocumentFormat.JSONL, InvalidText.REJECT, 1 << 30);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new JsonRecordParser(settings).parse(bytes, 0, bytes.length, 7);
  }

  private static RecordException refuse(String json, DocumentFields fields) {
    return assertThrows(RecordException.class, () -> parse(json, fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                     | {}",
        "{\"b\": 1, \"a\": [ ], \"c\": { } }    | {\"a\":[],\"b\":1,\"c\":{}}",
        "{\"a\": {\"z\": [1, {\"y\": 2, \"x\": 3}]}} | {\"a\":{\"z\":[1,{\"x\":3,\"y\":2}]}}",
        "{\"n\": 1180591620717411303424}        | {\"n\":1180591620717411303424}",
        "{\"n\": [0.10, -0, 1E5, 1.50e+300]}    | {\"n\":[0.10,-0,1E5,1.50e+300]}",
        "{\"n\": 0.1234567890123456789012345}   | {\"n\":0.1234567890123456789012345}",
        "{\"s\": \"\\u00fc\\/\\u0001\\n\\u007f\"} | {\"s\":\"ü/\\u0001\\n\u007f\"}",
        "{\"s\": \"\\ud83d\\ude00\"}            | {\"s\":\"😀\"}",
        "{\"a\": true, \"b\": false, \"c\": null} | {\"a\":true,\"b\":false,\"c\":null}",
        "{\"a\": 1, \"a\": {\"k\": 1, \"k\": 2}} | {\"a\":{\"k\":2}}",
        "{\"\uFFFD\": 1, \"\uD83D\uDE00\": 2}   | {\"\uD83D\uDE00\":2,\"\uFFFD\":1}",
      })
  void metaIsCanonical(String members, String expected) throws RecordException {
    String record = "{\"text\":\"x\"" + (members.equals("{}") ? "}" : "," + members.substring(1));

    assertThat(parse(record, FIELDS).meta(), equalTo(expected));
  }

  @Test
  void theFirstTextFieldThatIsThereHoldsTheText() throws RecordException {
    RawDocument both = parse("{\"content\":\"c\",\"text\":\"t\"}", FIELDS);
    RawDocument content = parse("{\"content\":\"c\"}", FIELDS);
    RawDocument other = parse("{\"text\":\"t\",\"body\":\"b\"}", FIELDS.withText("body"));

    assertThat(both, equalTo(new RawDocument(7, "", "t", "{\"content\":\"c\"}")));
    assertThat(content, equalTo(new RawDocument(7, "", "c", "{}")));
    assertThat(other, equalTo(new RawDocument(7, "", "b", "{\"text\":\"t\"}")));
  }

  @Test
  void theIdMayComeFromAField() throws RecordException {
    DocumentFields fields = FIELDS.withId("id");

    assertThat(parse("{\"id\":\"a/1\",\"text\":\"\"}", fields).id(), equalTo("a/1"));
    assertThat(
        parse("{\"id\":12345678901234567890,\"text\":\"\"}", fields).id(),
        equalTo("12345678901234567890"));
    assertThat(parse("{\"id\":1,\"text\":\"\"}", fields).meta(), equalTo("{}"));
    for (String id : List.of("null", "\"\"", "[]", "true")) {
      assertThat(refuse("{\"text\":\"x\",\"id\":" + id + "}", fields).kind(), equalTo("MissingId"));
    }
    assertThat(
        refuse("{\"text\":\"x\"}", fields).getMessage(),
        equalTo("field id: expected a string or a number, got nothing"));
  }

  @Test
  void metaMayBeRestricted() throws RecordException {
    String record = "{\"a\":1,\"text\":\"x\",\"b\":{\"c\":2},\"content\":\"y\"}";

    assertThat(parse(record, FIELDS.withoutMeta()).meta(), equalTo("{}"));
    assertThat(parse(record, FIELDS.withMeta(List.of("b"))).meta(), equalTo("{\"b\":{\"c\":2}}"));
    assertThat(parse(record, FIELDS.withMeta(List.of("z"))).meta(), equalTo("{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\":\"x\"} {}          | InvalidJson | more follows the object",
        "{\"text\":\"x\"}]            | InvalidJson | ",
        "{\"text\":\"x\",}            | InvalidJson | ",
        "{\"text\":\"x\",\"n\":NaN}   | InvalidJson | NaN",
        "{\"text\":\"x\",\"n\":Infinity} | InvalidJson | ",
        "{\"text\":\"x\",\"n\":-Infinity} | InvalidJson | ",
        "{\"text\":\"x\",\"n\":01}    | InvalidJson | ",
        "{\"text\":\"a\u0001b\"}      | InvalidJson | ",
        "[{\"text\":\"x\"}]           | NotAnObject | an array",
        "3 4                          | InvalidJson | ",
        "nul                          | InvalidJson | ",
        "{\"text\":\"x\",\"m\":\"\\udc00\"} | InvalidText | U+DC00",
        "{\"text\":\"x\",\"\\ud800\":1} | InvalidText | a key",
        "{\"text\":\"x\",\"text\":null} | MissingText | null",
      })
  void refuses(String record, String kind, String message) {
    RecordException e = refuse(record, FIELDS);

    assertThat(e.kind(), equalTo(kind));
    assertThat(e.getMessage(), containsString(message == null ? "" : message));
  }

  @Test
  void refusesNestingDeeperThanAThousandAndNumbersLongerThanThat() throws RecordException {
    String deep = "[".repeat(999) + "]".repeat(999);
    String deeper = "[".repeat(1000) + "]".repeat(1000);

    assertThat(parse("{\"text\":\"\",\"m\":" + deep + "}", FIELDS).text(), equalTo(""));
    assertThat(
        refuse("{\"text\":\"\",\"m\":" + deeper + "}", FIELDS).kind(), equalTo("InvalidJson"));
    assertThat(
        refuse("{\"text\":\"\",\"m\":" + "9".repeat(1001) + "}", FIELDS).kind(),
        equalTo("InvalidJson"));
  }

  @Test
  void refusesJsonInOtherEncodings() {
    String utf16 = "\0{\0\"\0t\0\"\0:\0\"\0\"\0}";

    assertThat(refuse(utf16, FIELDS).getMessage(), equalTo("NUL at byte 0"));
  }

  @Test
  void readsTextOf100Megabytes() throws RecordException {
    String text = "x".repeat(100_000_000);

    assertThat(parse("{\"text\":\"" + text + "\"}", FIELDS).text().length(), equalTo(100_000_000));
  }

  @Test
  void aByteOrderMarkAloneIsNoRecord() {
    assertThat(
        refuse("\ufeff  ", FIELDS).getMessage(),
        equalTo("nothing but blanks or a byte order mark"));
  }

  private static final DocumentFields BY_DOMAIN =
      FIELDS.withSource("meta.set", List.of("Book", "C4")).withMeta(List.of("url"));

  @Test
  void aFieldWithinAnotherSaysTheSource() throws RecordException {
    RawDocument document =
        parse("{\"text\":\"t\",\"meta\":{\"set\":\"C4\"},\"url\":\"u\"}", BY_DOMAIN);

    assertThat(document, equalTo(new RawDocument(7, "", "C4", "t", "{\"url\":\"u\"}")));
    assertThat(
        parse("{\"text\":\"t\",\"lang\":\"css\"}", FIELDS.withSource("lang", List.of())).source(),
        equalTo("css"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\":\"t\"}                          | MissingSource | got nothing",
        "{\"text\":\"t\",\"meta\":{\"set\":3}}     | MissingSource | got 3",
        "{\"text\":\"t\",\"meta\":\"C4\"}          | MissingSource | got nothing",
        "{\"text\":\"t\",\"meta\":{\"set\":\"\"}}  | MissingSource | got \"\"",
        "{\"text\":\"t\",\"meta\":{\"set\":\"X\"}} | UnknownSource | one of Book, C4, got X"
      })
  void aRecordWithoutAKnownSourceIsBad(String json, String kind, String message) {
    RecordException e = refuse(json, BY_DOMAIN);

    assertThat(e.kind(), equalTo(kind));
    assertThat(e.getMessage(), containsString(message));
  }

  @Test
  void bareTextsAreTextsOnRequest() throws RecordException {
    DocumentFields bare = FIELDS.withBareTexts();

    assertThat(parse("\"a text\"", bare).text(), equalTo("a text"));
    assertThat(parse("[\"one\",\"two\"]", bare).text(), equalTo("one\n\ntwo"));
    assertThat(parse("{\"text\":[\"one\",\"two\"]}", bare).text(), equalTo("one\n\ntwo"));
    assertThat(refuse("[\"one\",2]", bare).kind(), equalTo("NotAnObject"));
    assertThat(refuse("[]", bare).kind(), equalTo("NotAnObject"));
    assertThat(refuse("\"a text\"", FIELDS).kind(), equalTo("NotAnObject"));
    assertThat(refuse("{\"text\":[\"one\"]}", FIELDS).kind(), equalTo("MissingText"));
    assertThat(refuse("\"a text\"", bare.withId("id")).kind(), equalTo("MissingId"));
  }
}
