package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.TokenIds;

/** Numbers cut into digits: by each engine to the same ids. */
class DigitSplitTest {

  @TempDir private Path folder;

  private static TokenizerSpec real(String name) throws IOException {
    Path file = SharedData.file("tokenizers/" + name + "/tokenizer.json");
    return TokenizerSpec.of(file.toString(), false);
  }

  private static TokenIds ids(String numbers) {
    return TokenIds.of(Arrays.stream(numbers.split(" ")).mapToInt(Integer::parseInt).toArray());
  }

  private static final Map<SplitDigits, List<String>> VECTORS =
      Map.of(
          SplitDigits.NONE,
          List.of("In 2023=688 1384 1508"),
          SplitDigits.ISOLATED,
          List.of(
              "In 2023=688 209 19 17 19 20",
              "a  2023=66 50276 19 17 19 20",
              "1,000=18 13 17 17 17",
              "don't 5's=9903 626 209 22 434"),
          SplitDigits.ATTACH_SPACE,
          List.of(
              "In 2023=688 374 17 19 20",
              "a 0=66 470",
              " 1 2 3 4 5 6 7 8 9=337 374 495 577 608 721 818 854 898"));

  @ParameterizedTest
  @CsvSource({
    "JAVA, NONE",
    "JAVA, ISOLATED",
    "JAVA, ATTACH_SPACE",
    "DJL, NONE",
    "DJL, ISOLATED",
    "DJL, ATTACH_SPACE"
  })
  void givesTheKnownIdsOfGptNeoX(TokenizerEngine engine, SplitDigits mode) throws IOException {
    TokenizerSpec spec = real("gpt-neox-20b").withEngine(engine).withSplitDigits(mode);
    try (Tokenizer tokenizer = spec.open();
        Tokenizer plain = real("gpt-neox-20b").withEngine(engine).open()) {
      for (String vector : VECTORS.get(mode)) {
        String text = vector.substring(0, vector.indexOf('='));
        TokenIds expected = ids(vector.substring(text.length() + 1));
        assertThat(tokenizer.encode(text), is(expected));
        assertThat(tokenizer.decode(expected), is(text));
      }
      // Numeric signs that are tokens of their own stay what they are.
      assertThat(tokenizer.encode("\u00b2\u00bd"), is(plain.encode("\u00b2\u00bd")));
      assertThat(tokenizer.vocabularySize(), is(50277));
    }
  }

  /** Their vocabularies have no token of two digits, nor of a blank and one. */
  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "llama-phi3-mini", "stories260K"})
  void changesNoIdOfLlamas(String name) throws IOException {
    try (Tokenizer plain = real(name).open();
        Tokenizer split = real(name).withSplitDigits(SplitDigits.ISOLATED).open()) {
      for (String text :
          new String[] {"In 2023", "12 34", " 7", "x\u00b2 1,000\n5 5", "\u0663 3"}) {
        assertThat(split.encode(text), is(plain.encode(text)));
        assertThat(split.decode(split.encode(text)), is(plain.decode(plain.encode(text))));
      }
    }
  }

  @Test
  void refusesToAttachBlanksThatANormalizerReplaces() throws IOException {
    TokenizerSpec spec = real("crystalcoder").withSplitDigits(SplitDigits.ATTACH_SPACE);

    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, spec::open);

    assertThat(e.getMessage(), containsString("split_digits cannot be attach_space: its normal"));
    assertThat(e.getMessage(), containsString("set it to isolated"));
  }

  @ParameterizedTest
  @EnumSource(value = SplitDigits.class, mode = Mode.EXCLUDE, names = "NONE")
  void refusesPreTokenizersThatPutABlankBeforeEachPiece(SplitDigits mode) throws IOException {
    TinyTokenizer tiny = new TinyTokenizer();
    ((ObjectNode) tiny.json().get("pre_tokenizer")).put("add_prefix_space", true);
    assertThat(refusal(tiny, mode), containsString("set it to none"));

    ((ObjectNode) tiny.json().get("pre_tokenizer")).remove("add_prefix_space");
    assertThat(refusal(tiny, mode), containsString("set it to none"));

    ObjectNode sequence = tiny.json().putObject("pre_tokenizer").put("type", "Sequence");
    sequence.putArray("pretokenizers").addObject().put("type", "Metaspace");
    assertThat(refusal(tiny, mode), containsString("puts a blank before every piece"));

    ((ObjectNode) sequence.at("/pretokenizers/0"))
        .put("replacement", "\u2581")
        .put("prepend_scheme", "first");
    open(tiny, mode).close();
  }

  private String refusal(TinyTokenizer tiny, SplitDigits mode) {
    return assertThrows(IllegalArgumentException.class, () -> open(tiny, mode)).getMessage();
  }

  private Tokenizer open(TinyTokenizer tiny, SplitDigits mode) throws IOException {
    return tiny.spec(folder, false).withSplitDigits(mode).open();
  }

  @Test
  void writesNoFile() throws IOException {
    TinyTokenizer tiny = new TinyTokenizer("1 2");
    byte[] bytes = tiny.bytes();

    try (Tokenizer tokenizer = open(tiny, SplitDigits.ISOLATED)) {
      assertThat(tokenizer.encode("12"), is(TokenIds.of(49, 50)));
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList(), is(List.of(folder.resolve("tokenizer.json"))));
    }
    assertThat(Files.readAllBytes(folder.resolve("tokenizer.json")), is(bytes));
  }
}
