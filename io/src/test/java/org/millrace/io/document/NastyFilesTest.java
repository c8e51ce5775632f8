package org.millrace.io.document;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NastyFilesTest {

  private static final String NONE = "";

  /** Each file, the places of its documents, and the places and kinds of its bad records. */
  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of(
            "bad_json.jsonl",
            "0 333 722",
            "310 InvalidJson, 661 InvalidJson, 687 NotAnObject, 695 NotAnObject, 711 NotAnObject,"
                + " 714 NotAnObject, 719 MissingText, 1037 InvalidJson"),
        Arguments.of("bom.jsonl", "3 313", NONE),
        Arguments.of("crlf.jsonl", "0 311 640 956 1269", NONE),
        Arguments.of("deep_nesting.jsonl", "0 5500", NONE),
        Arguments.of("duplicate_keys.jsonl", "0 60", NONE),
        Arguments.of("empty_lines.jsonl", "1 316 646", NONE),
        Arguments.of(
            "file name with spaces.jsonl",
            "0 310 638 953 1265 1573 1890 2202 2502 2803 3122 3436 3762 4070 4370 4703 5024 5325"
                + " 5648 5963",
            NONE),
        Arguments.of("huge_word.jsonl.gz", "0 100025 200050", NONE),
        Arguments.of("invalid_utf8.jsonl", "0 383", "310 InvalidText, 711 InvalidText"),
        Arguments.of("lone_surrogates.jsonl", NONE, "0 InvalidText, 207 InvalidText"),
        Arguments.of("multi_member.jsonl.gz", "0 310 638", NONE),
        Arguments.of("no_final_newline.jsonl", "0 310", NONE),
        Arguments.of("nul_and_controls.jsonl", "0 173", NONE),
        Arguments.of(
            "null_and_missing_text.jsonl",
            "46 71 222",
            "0 MissingText, 27 MissingText, 104 MissingText, 132 MissingText, 165 MissingText,"
                + " 184 MissingText, 199 MissingText"),
        Arguments.of("null_meta.jsonl", "0 189 368 560 741 951", NONE),
        Arguments.of("one_huge_line.jsonl.gz", "0 310 206772", NONE),
        Arguments.of("only_newlines.jsonl", NONE, NONE),
        Arguments.of("scripts.jsonl", "0 848 1268 2266 3294 4293 4912 5300 5732", NONE),
        Arguments.of(
            "truncated.jsonl.gz",
            "0 310 638 953 1265 1573 1890 2202 2502 2803 3122 3436",
            "3868 DamagedFile"),
        // Its one block is cut, so that nothing can be decompressed.
        Arguments.of("truncated.jsonl.zst", NONE, "0 DamagedFile"),
        Arguments.of("utf16le.jsonl", NONE, "0 WrongEncoding"),
        Arguments.of("whitespace_bomb.jsonl.gz", "0 300026", NONE),
        Arguments.of("zero_bytes.jsonl", NONE, NONE),
        Arguments.of("ünïcödé-ファイル.jsonl", "0 310 638", NONE));
  }

  @ParameterizedTest
  @MethodSource("files")
  void readsEachFileAsExpected(String name, String offsets, String bad) {
    ReadRecords records = ReadRecords.of(SharedData.path("nasty").resolve(name));

    assertThat(spaced(records.offsets()), equalTo(offsets));
    assertThat(String.join(", ", records.badKinds()), equalTo(bad));
    assertThat(
        records.bad.stream().map(b -> b.excerpt().getBytes(StandardCharsets.UTF_8).length).toList(),
        everyItem(lessThanOrEqualTo(3 * 1024)));
  }

  @Test
  void expectsSomethingOfEveryFile() throws IOException {
    TreeSet<String> present;
    try (Stream<Path> files = Files.list(SharedData.path("nasty"))) {
      present =
          files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
    }

    TreeSet<String> expected =
        files().map(a -> (String) a.get()[0]).collect(Collectors.toCollection(TreeSet::new));

    assertThat(present, equalTo(expected));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 64, 1000})
  void splitSizeChangesNothing(long splitBytes) {
    Path folder = SharedData.path("nasty");
    for (Arguments file : files().toList()) {
      Path path = folder.resolve((String) file.get()[0]);
      ReadRecords whole = ReadRecords.of(path);

      ReadRecords split = ReadRecords.of(path, ReadRecords.DEFAULTS, splitBytes);

      assertThat(path.toString(), split.documents, equalTo(whole.documents));
      assertThat(path.toString(), split.bad, equalTo(whole.bad));
    }
  }

  @Test
  void keepsTextAndMetaExactly() {
    Path folder = SharedData.path("nasty");

    ReadRecords controls = ReadRecords.of(folder.resolve("nul_and_controls.jsonl"));
    ReadRecords duplicates = ReadRecords.of(folder.resolve("duplicate_keys.jsonl"));
    ReadRecords meta = ReadRecords.of(folder.resolve("null_meta.jsonl"));
    ReadRecords scripts = ReadRecords.of(folder.resolve("scripts.jsonl"));

    assertThat(
        controls.texts().get(0).startsWith("NUL \0 inside, bell \u0007, backspace \b, DEL \u007f"),
        is(true));
    assertThat(controls.texts().get(1), equalTo("\0".repeat(100)));
    assertThat(duplicates.texts().get(0), equalTo("second value"));
    assertThat(duplicates.documents.get(1).meta(), equalTo("{\"meta\":{\"a\":2}}"));
    assertThat(
        meta.documents.stream().map(RawDocument::meta).toList(),
        equalTo(
            List.of(
                "{\"meta\":null}",
                "{}",
                "{\"meta\":\"a string\"}",
                "{\"meta\":[]}",
                "{\"meta\":{\"redpajama_set_name\":null}}",
                "{\"extra\":1.5e+300,\"id\":1180591620717411303424,"
                    + "\"meta\":{\"redpajama_set_name\":\"RedPajamaBook\"}}")));
    assertThat(scripts.texts().get(0), containsString("👩‍👩‍👧‍👦 family"));
  }

  @Test
  void replacesInvalidTextOnDemand() {
    ReadSettings settings =
        new ReadSettings(
            DocumentFields.defaults(), DocumentFormat.AUTO, InvalidText.REPLACE, 32 << 20);
    Path folder = SharedData.path("nasty");

    ReadRecords bytes = ReadRecords.of(folder.resolve("invalid_utf8.jsonl"), settings, 1 << 20);
    ReadRecords lone = ReadRecords.of(folder.resolve("lone_surrogates.jsonl"), settings, 1 << 20);

    assertThat(bytes.offsets(), equalTo(List.of(0L, 310L, 383L, 711L)));
    assertThat(bytes.texts().get(3), equalTo("latin1 caf\uFFFD"));
    assertThat(
        lone.texts().get(0).startsWith("a lone high \uFFFD and low \uFFFD surrogate, swapped"),
        is(true));
    assertThat(lone.texts().get(0), containsString("a good pair 😀"));
    assertThat(lone.texts().get(1), equalTo("ends with \uFFFD"));
  }

  @Test
  void countsTheDocumentsOfRealCorpora() throws IOException {
    record Expected(String path, int documents) {}
    for (Expected expected :
        Arrays.asList(
            new Expected("redpajama/arxiv/arxiv_sample.jsonl", 34),
            new Expected("redpajama/book/book_sample.jsonl", 4),
            new Expected("redpajama/c4/c4_sample.jsonl.zst", 252),
            new Expected("redpajama/common_crawl/common_crawl_sample.jsonl.zst", 343),
            new Expected("redpajama/stackexchange/stackexchange_sample.jsonl.zst", 212),
            new Expected("redpajama/wikipedia/wikipedia_sample.jsonl", 73),
            new Expected("slimpajama/train/chunk1/example_train_0.jsonl.zst", 188),
            new Expected("slimpajama/train/chunk1/example_train_1.jsonl.zst", 189))) {
      ReadRecords records = ReadRecords.of(SharedData.path(expected.path));

      assertThat(expected.path, records.documents.size(), equalTo(expected.documents));
      assertThat(expected.path, records.bad, equalTo(List.of()));
    }
  }

  private static String spaced(List<Long> offsets) {
    return offsets.stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}
