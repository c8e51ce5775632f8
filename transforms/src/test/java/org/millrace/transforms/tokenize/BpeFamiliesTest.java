package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.UnsupportedTextException;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/** Tokenizers of other shapes, made of one vocabulary, against the library. */
class BpeFamiliesTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int TEXTS = 2_000;

  private static final String WORDS =
      "{'type':'Split','behavior':'Isolated','invert':false,'pattern':{'Regex':'(?i:\\'s|\\'t|\\'re"
          + "|\\'ve|\\'m|\\'ll|\\'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}%s| ?[^\\\\s"
          + "\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+'}}";
  private static final String BYTES =
      "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':%s}";
  private static final String SPACED =
      "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}";
  private static final String DIGITS = "{'type':'Digits','individual_digits':%s}";
  private static final String BLANK_DIGIT =
      "{'type':'Split','behavior':'Isolated','invert':false,'pattern':{'Regex':' ?[0-9]'}}";

  private static JsonNode json(String text) throws Exception {
    // The quotes are changed so that patterns can be read above.
    String quoted = text.replace("\\'", "\u0001").replace('\'', '"').replace('\u0001', '\'');
    return MAPPER.readTree(quoted);
  }

  private static JsonNode sequence(String key, String type, JsonNode... parts) {
    ObjectNode node = MAPPER.createObjectNode().put("type", type);
    ArrayNode list = node.putArray(key);
    for (JsonNode part : parts) {
      list.add(part);
    }
    return node;
  }

  private static JsonNode preTokenizers(JsonNode... parts) {
    return sequence("pretokenizers", "Sequence", parts);
  }

  /** The small vocabulary of bytes that the project brings. */
  private static ObjectNode bytes8k() throws Exception {
    Path file =
        Path.of(System.getProperty("millrace.home"), "testdata/tokenizers/bytes-8k/tokenizer.json");
    return (ObjectNode) MAPPER.readTree(Files.readAllBytes(file));
  }

  private static ObjectNode withPreTokenizer(JsonNode preTokenizer) throws Exception {
    ObjectNode root = bytes8k();
    root.set("pre_tokenizer", preTokenizer);
    return root;
  }

  private static void assertSame(ObjectNode root) throws Exception {
    assertSame(root, root, SplitDigits.NONE, true);
    assertSame(root, root, SplitDigits.NONE, false);
  }

  private static void assertSame(
      ObjectNode root, ObjectNode forLibrary, SplitDigits splitDigits, boolean parse)
      throws Exception {
    BpeTokenizer tokenizer =
        JavaEncoder.of("made", MAPPER.writeValueAsBytes(root), parse, splitDigits);
    List<String> added = new ArrayList<>();
    root.path("added_tokens").forEach(token -> added.add(token.path("content").asText()));
    HardTexts texts = new HardTexts(2, added);
    List<String> different = new ArrayList<>();
    int left = 0;
    TokenizerJson json = new TokenizerJson("made", MAPPER.writeValueAsBytes(forLibrary));
    try (Tokenizer library = new HuggingFaceTokenizer(json, parse)) {
      for (int i = 0; i < TEXTS; i++) {
        String text = texts.next();
        TokenIds got;
        try {
          got = tokenizer.encode(text);
        } catch (UnsupportedTextException e) {
          left++;
          continue;
        }
        TokenIds expected = library.encode(text);
        if (!got.equals(expected)) {
          different.add("seed 2, text " + i + ": " + text + ": " + expected + ", got " + got);
        }
      }
    }
    assertThat(different.stream().limit(5).toList(), is(empty()));
    assertThat(left, is(lessThan(TEXTS / 10)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{1,3}", ""})
  void splitsWordsAsLlama3AndQwen(String digits) throws Exception {
    JsonNode split = json(WORDS.formatted(digits));
    ObjectNode root = withPreTokenizer(preTokenizers(split, json(BYTES.formatted(false))));
    root.set("normalizer", MAPPER.createObjectNode().put("type", "NFC"));

    assertSame(root);
  }

  @Test
  void takesWholeTokensWhereMergesAreIgnored() throws Exception {
    JsonNode split = json(WORDS.formatted("{1,3}"));
    ObjectNode root = withPreTokenizer(preTokenizers(split, json(BYTES.formatted(false))));
    ObjectNode model = (ObjectNode) root.get("model");
    model.put("ignore_merges", true);
    ObjectNode vocab = (ObjectNode) model.get("vocab");
    String[] whole = {"Ġquick", "hello", "©", "=".repeat(60), "世", "ĠĠĠĠĠĠĠĠĠĠĠ", "Qx"};
    for (String token : whole) {
      if (!vocab.has(token)) {
        vocab.put(token, 9000 + vocab.size());
      }
    }

    assertSame(root);
  }

  @Test
  void splitsAsGpt2WithAnInvertedSplit() throws Exception {
    ObjectNode split = (ObjectNode) json(WORDS.formatted("{1,3}"));
    split.put("behavior", "Removed").put("invert", true);

    assertSame(withPreTokenizer(preTokenizers(split, json(BYTES.formatted(false)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void cutsDigitsBeforeWords(String individual) throws Exception {
    JsonNode digits = json(DIGITS.formatted(individual));

    assertSame(withPreTokenizer(preTokenizers(digits, json(BYTES.formatted(true)))));
  }

  @Test
  void prependsABlank() throws Exception {
    assertSame(withPreTokenizer(json(SPACED)));
  }

  @Test
  void encodesBytesWithoutAnySplit() throws Exception {
    assertSame(withPreTokenizer(json(BYTES.formatted(false))));
  }

  @ParameterizedTest
  @CsvSource({"ISOLATED, true", "ISOLATED, false", "ATTACH_SPACE, true", "ATTACH_SPACE, false"})
  void splitsDigitsAheadOfTheOwnPreTokenizer(SplitDigits mode, boolean parse) throws Exception {
    JsonNode cut = json(mode == SplitDigits.ISOLATED ? DIGITS.formatted(true) : BLANK_DIGIT);
    ObjectNode root = withPreTokenizer(json(BYTES.formatted(true)));
    ObjectNode edited = withPreTokenizer(preTokenizers(cut, json(BYTES.formatted(true))));

    assertSame(root, edited, mode, parse);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NFC", "NFD", "NFKC", "NFKD"})
  void normalizesToAllForms(String form) throws Exception {
    ObjectNode root = bytes8k();
    root.set("normalizer", MAPPER.createObjectNode().put("type", form));
    addTokens(root);

    assertSame(root);
  }

  /** Tokens with all flags, some of which touch each other. */
  private static void addTokens(ObjectNode root) {
    ArrayNode added = (ArrayNode) root.get("added_tokens");
    int id = root.path("model").path("vocab").size();
    String[] contents = {"<s>", "  ", "hello", "Q1", "[X]", "==", "é", "ﬁ", "world", "the", "\n"};
    for (int i = 0; i < contents.length; i++) {
      JsonNode known = root.path("model").path("vocab").path(contents[i]);
      added
          .addObject()
          .put("id", known.isMissingNode() ? id++ : known.asInt())
          .put("content", contents[i])
          .put("single_word", i % 5 == 2)
          .put("lstrip", i % 3 == 1)
          .put("rstrip", i % 4 == 0)
          .put("normalized", i % 2 == 0)
          .put("special", i % 7 == 0);
    }
  }

  @Test
  void findsAddedTokensByAllTheirFlags() throws Exception {
    ObjectNode root = bytes8k();
    addTokens(root);

    assertSame(root);
  }

  /** A vocabulary of characters, with a mark for a blank. */
  private static ObjectNode characters(boolean byteFallback, boolean allBytes, String... merges)
      throws Exception {
    ObjectNode root = bytes8k();
    root.putNull("pre_tokenizer").putNull("decoder").putNull("post_processor");
    ObjectNode model = (ObjectNode) root.get("model");
    ObjectNode vocab = model.putObject("vocab");
    vocab.put("<unk>", 0).put("<|endoftext|>", 1);
    for (int b = 0; byteFallback && b < (allBytes ? 256 : 200); b++) {
      vocab.put("<0x%02X>".formatted(b), vocab.size());
    }
    String known = "▁ehlotwrdTHEQ0123.,'=<>|é你";
    known.codePoints().forEach(c -> vocab.put(Character.toString(c), vocab.size()));
    ArrayNode list = model.putArray("merges");
    for (String merge : merges) {
      list.add(merge);
      String merged = merge.replace(" ", "");
      if (!vocab.has(merged)) {
        vocab.put(merged, vocab.size());
      }
    }
    ((ObjectNode) root.get("added_tokens").get(0)).put("id", 1);
    model.put("unk_token", "<unk>").put("byte_fallback", byteFallback).put("fuse_unk", true);
    return root;
  }

  private static final String[] MERGES = {
    "h e", "l l", "▁ t", "▁t he", "he ll", "hell o", "▁ ▁", "▁▁ ▁▁", "o w", "= =", "== ==", "t he",
    "w o", "wo r", "▁ wor", "▁wor l", "▁worl d", "1 0", "' l"
  };

  private static ObjectNode metaspace(String scheme) {
    return MAPPER
        .createObjectNode()
        .put("type", "Metaspace")
        .put("replacement", "▁")
        .put("prepend_scheme", scheme);
  }

  @ParameterizedTest
  @CsvSource({"always, true", "always, false", "first, true", "first, false", "never, true"})
  void writesAMarkForABlank(String scheme, boolean split) throws Exception {
    ObjectNode root = characters(true, true, MERGES);
    root.set("pre_tokenizer", metaspace(scheme).put("split", split));
    addTokens(root);

    assertSame(root);
  }

  @ParameterizedTest
  @CsvSource({
    "first, true, ISOLATED",
    "first, false, ISOLATED",
    "never, true, ISOLATED",
    "first, true, ATTACH_SPACE",
    "first, false, ATTACH_SPACE",
    "never, false, ATTACH_SPACE"
  })
  void cutsDigitsBeforeItWritesMarks(String scheme, boolean split, SplitDigits digits)
      throws Exception {
    ObjectNode root = characters(true, true, DIGIT_MERGES);
    root.set("pre_tokenizer", metaspace(scheme).put("split", split));
    addTokens(root);
    ObjectNode cut = root.deepCopy();
    new DigitSplit(digits).apply(cut);

    assertSame(root, cut, digits, true);
    assertSame(root, cut, digits, false);
    BpeTokenizer tokenizer = JavaEncoder.of("made", MAPPER.writeValueAsBytes(root), false, digits);
    try (Tokenizer library =
        new HuggingFaceTokenizer(
            new TokenizerJson("made", MAPPER.writeValueAsBytes(root), digits), false)) {
      for (String text :
          List.of("10 t", " 10 10  1", "t 1", "1", " 1", "the", " the 10 the", "0the 1")) {
        assertThat(text, tokenizer.encode(text), is(library.encode(text)));
      }
    }
  }

  @Test
  void leavesMarksInTextToTheLibraryWhereDigitsTakeBlanks() throws Exception {
    ObjectNode root = characters(true, true, DIGIT_MERGES);
    root.set("pre_tokenizer", metaspace("never"));
    byte[] json = MAPPER.writeValueAsBytes(root);

    BpeTokenizer attached = JavaEncoder.of("made", json, false, SplitDigits.ATTACH_SPACE);
    BpeTokenizer isolated = JavaEncoder.of("made", json, false, SplitDigits.ISOLATED);

    assertThrows(UnsupportedTextException.class, () -> attached.encode("t▁1"));
    // Two others that begin with the same byte.
    assertThat(attached.encode("\u2580\u2582").length(), is(6));
    assertThat(isolated.encode("▁1"), is(isolated.encode(" 1")));
  }

  private static final String[] DIGIT_MERGES = {
    "▁ 1", "1 0", "▁1 0", "0 ▁", "▁ t", "▁t he", "h e", "t he", "▁ ▁", "▁▁ 1", "0 t"
  };

  @ParameterizedTest
  @CsvSource({
    "true, true, true",
    "true, false, true",
    "true, false, false",
    "false, false, true",
    "false, false, false"
  })
  void fallsBackToBytesAndToTheUnknown(boolean bytes, boolean all, boolean fuse) throws Exception {
    ObjectNode root = characters(bytes, all, MERGES);
    ((ObjectNode) root.get("model")).put("fuse_unk", fuse);
    root.set("normalizer", prependAndReplace());

    assertSame(root);
  }

  private static JsonNode prependAndReplace() throws Exception {
    return sequence(
        "normalizers",
        "Sequence",
        json("{'type':'Prepend','prepend':'▁'}"),
        json("{'type':'Replace','pattern':{'String':' '},'content':'▁'}"));
  }

  @Test
  void dropsWhatHasNoToken() throws Exception {
    ObjectNode root = characters(false, false, MERGES);
    ((ObjectNode) root.get("model")).putNull("unk_token");
    root.set("normalizer", prependAndReplace());

    assertSame(root);
  }

  @Test
  void mergesAcrossMarksAndBytesWhereMergesSaySo() throws Exception {
    ObjectNode root =
        characters(
            true,
            true,
            "o ▁",
            "▁ t",
            "<0x0A> ▁",
            "h <0xE2>",
            "<unk> ▁",
            "e <0x0A>▁",
            "▁ ▁",
            "h e",
            "l l",
            "o▁ t",
            "▁▁ <0xE2>");
    root.set("normalizer", prependAndReplace());

    assertSame(root);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cutsBehindBlanksWhereTheyAreLeft(boolean marked) throws Exception {
    ObjectNode root = characters(true, true, MERGES);
    if (marked) {
      root.set("normalizer", json("{'type':'Replace','pattern':{'String':' '},'content':'▁'}"));
    }
    root.set(
        "pre_tokenizer",
        json(
            "{'type':'Split','behavior':'MergedWithPrevious','invert':false,"
                + "'pattern':{'String':' '}}"));
    addTokens(root);

    assertSame(root);
  }

  @Test
  void cutsDigitsOfMarkedText() throws Exception {
    for (SplitDigits mode : List.of(SplitDigits.ISOLATED, SplitDigits.ATTACH_SPACE)) {
      ObjectNode root = characters(true, true, MERGES);
      root.set("normalizer", prependAndReplace());
      ObjectNode edited = root.deepCopy();
      edited.set(
          "pre_tokenizer",
          json(mode == SplitDigits.ISOLATED ? DIGITS.formatted(true) : BLANK_DIGIT));

      assertSame(root, edited, mode, true);
    }
  }

  @Test
  void readsMergesAsPairs() throws Exception {
    ObjectNode root = bytes8k();
    ObjectNode model = (ObjectNode) root.get("model");
    ArrayNode pairs = MAPPER.createArrayNode();
    for (JsonNode merge : model.get("merges")) {
      String[] parts = merge.isArray() ? null : merge.asText().split(" ", -1);
      pairs.add(parts == null ? merge : MAPPER.valueToTree(parts));
    }
    model.set("merges", pairs);

    assertSame(root);
  }

  @Test
  void encodesHugePiecesAsTheLibrary() throws Exception {
    Random random = new Random(3);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < 300_000; i++) {
      letters.append((char) ('a' + random.nextInt(26)));
    }
    List<String> texts =
        List.of(
            letters.toString(),
            " ".repeat(1_000_000),
            "a".repeat(1_000_000),
            "ab".repeat(200_000),
            "=".repeat(1_000_000),
            "\n".repeat(300_000),
            "世界".repeat(50_000),
            "e\u0301".repeat(50_000));
    for (ObjectNode root : List.of(bytes8k(), withPreTokenizer(json(BYTES.formatted(false))))) {
      byte[] bytes = MAPPER.writeValueAsBytes(root);
      BpeTokenizer tokenizer = JavaEncoder.of("made", bytes, true, SplitDigits.NONE);
      try (Tokenizer library = new HuggingFaceTokenizer(new TokenizerJson("made", bytes), true)) {
        for (String text : texts) {
          assertThat(tokenizer.encode(text), is(equalTo(library.encode(text))));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "/normalizer; {'type':'Lowercase'}; normalizer Lowercase",
        "/pre_tokenizer; {'type':'Whitespace'}; pre_tokenizer Whitespace",
        "/model/end_of_word_suffix; '</w>'; end_of_word_suffix \"</w>\"",
        "/model/type; 'WordPiece'; model WordPiece"
      })
  void namesWhatItDoesNotUnderstand(String pointer, String value, String part) throws Exception {
    ObjectNode root = bytes8k();
    int slash = pointer.lastIndexOf('/');
    ObjectNode parent = slash == 0 ? root : (ObjectNode) root.at(pointer.substring(0, slash));
    parent.set(pointer.substring(slash + 1), json(value));
    byte[] bytes = MAPPER.writeValueAsBytes(root);

    Exception e =
        assertThrows(
            UnsupportedTokenizerException.class,
            () -> JavaEncoder.of("made", bytes, true, SplitDigits.NONE));

    assertThat(e.getMessage(), is(part));
  }
}
