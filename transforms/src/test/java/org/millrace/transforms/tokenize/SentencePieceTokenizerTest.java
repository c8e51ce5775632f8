package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.sentencepiece.jni.SentencePieceLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.TokenIds;

class SentencePieceTokenizerTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REAL = "tokenizers/sentencepiece-test/test_model.model";

  @TempDir private Path folder;

  private static SentencePieceTokenizer open(byte[] model) {
    return new SentencePieceTokenizer(new SentencePieceModel("test.model", model), model);
  }

  @Test
  void encodesAndDecodesAllTextsAsTheReference() throws Exception {
    Path file = SharedData.file(REAL);
    JsonNode reference =
        MAPPER.readTree(SharedData.file(REAL + ".reference_encodings.json").toFile());
    List<String> different = new ArrayList<>();

    TokenizerSpec spec = TokenizerSpec.of(file.toString(), false);
    try (Tokenizer tokenizer = spec.open()) {
      for (JsonNode text : reference.get("texts")) {
        TokenIds expected = TokenIds.of(MAPPER.convertValue(text.get("ids"), int[].class));
        TokenIds got = tokenizer.encode(text.get("text").asText());
        if (!got.equals(expected)) {
          different.add(text.get("text") + ": expected " + expected + ", got " + got);
        }
        String decoded = tokenizer.decode(expected);
        if (!decoded.equals(text.get("decoded").asText())) {
          different.add(text.get("decoded") + ": got \"" + decoded + "\"");
        }
      }

      assertThat(tokenizer.vocabularySize(), is(reference.get("vocab_size").asInt()));
      assertThat(tokenizer.engine(), is(TokenizerEngine.DJL));
      assertThat(ControlToken.bos("auto", spec, tokenizer), is(Optional.of(token("<s>", 1))));
      assertThat(ControlToken.eos("auto", spec, tokenizer), is(Optional.of(token("</s>", 2))));
      assertThat(ControlToken.pad("<unk>", spec, tokenizer), is(Optional.of(token("<unk>", 0))));
    }
    assertThat(spec.name(), is("test_model"));
    assertThat(reference.get("texts").size(), is(49));
    assertThat(different, is(empty()));
  }

  private static ControlToken token(String text, int id) {
    return new ControlToken(text, id);
  }

  @Test
  void takesTheModelInAFolderWithoutATokenizerJson() throws Exception {
    Path model = new TinySentencePiece("ab", "\u2581", "a", "b").write(folder.resolve("tiny"));

    TokenizerSpec spec = TokenizerSpec.of(folder.resolve("tiny").toString(), false);

    assertThat(spec.path(), is(model.toString()));
    assertThat(spec.name(), is("tiny"));
    try (Tokenizer tokenizer = spec.open()) {
      assertThat(tokenizer.encode("ab"), is(TokenIds.of(260, 259)));
      assertThat(tokenizer.vocabularySize(), is(263));
      assertThat(tokenizer.idOf("ab"), is(OptionalInt.of(259)));
      assertThat(tokenizer.idOf("ba"), is(OptionalInt.empty()));
      assertThat(tokenizer.tokenOf(260), is(Optional.of("\u2581")));
      assertThat(tokenizer.tokenOf(263), is(Optional.empty()));
      assertThat(tokenizer.tokenOf(-1), is(Optional.empty()));
    }
    Path json = new TinyTokenizer().write(folder.resolve("tiny"));
    assertThat(
        TokenizerSpec.of(folder.resolve("tiny").toString(), false).path(), is(json.toString()));
  }

  @Test
  void bringsEveryTextBack() {
    try (Tokenizer tokenizer =
        open(new TinySentencePiece("ab", "\u2581", "a", "\ud83d\ude00").bytes(true, false))) {
      for (String text :
          List.of("ab ab", " a  b ", "\ud83d\ude00 \ud83c\udf89", "a\u0000b", "\u00e9\u4e2d\n")) {
        assertThat(tokenizer.decode(tokenizer.encode(text)), is(text));
      }
      assertThat(tokenizer.encode("\ud83d\ude00"), is(TokenIds.of(260, 262)));
      // Half of a character in bytes, then one whole.
      TokenIds bytes = TokenIds.of(3 + 0xf0, 3 + 0x9f, 3 + 0x98, 3 + 0xc3, 3 + 0xa9);
      assertThat(tokenizer.decode(bytes), is("\ufffd\ufffd\ufffd\u00e9"));
    }
  }

  @Test
  void textThatReadsAsAControlPieceIsText() {
    byte[] model =
        new TinySentencePiece("<", "s", ">", "\u2581")
            .with("<mark>", TinySentencePiece.USER_DEFINED)
            .with("<|endoftext|>", TinySentencePiece.USER_DEFINED)
            .bytes(true, false);
    try (Tokenizer tokenizer = open(model)) {
      assertThat(tokenizer.encode("<s>"), is(TokenIds.of(262, 259, 260, 261)));
      assertThat(tokenizer.encode("<mark>"), is(TokenIds.of(262, 263)));
      assertThat(tokenizer.decode(TokenIds.of(1, 262, 260, 2)), is("s"));
      UntokenizableTextException e =
          assertThrows(UntokenizableTextException.class, () -> tokenizer.encode("x<|endoftext|>"));
      assertThat(e.getMessage(), containsString("became the control token <|endoftext|> (id 264)"));
    }
  }

  /** Only ids whose text the library can hand to Java: none beyond U+FFFF, and no NUL. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void decodesAsTheLibrary(boolean prefixed, boolean trimmed) {
    String[] pieces = {"\u2581", "\u2581\u2581", "\u2581a", "a", "b\u2581", "\u00e9", "\u4e2d"};
    byte[] model = new TinySentencePiece(pieces).bytes(prefixed, trimmed);
    SentencePieceLibrary library = NativeLibrary.sentencePiece();
    long processor = library.createSentencePieceProcessor();
    library.loadModelFromBytes(processor, model);
    SplittableRandom random = new SplittableRandom(7);
    try (Tokenizer tokenizer = open(model)) {
      for (int i = 0; i < 20_000; i++) {
        int[] ids = new int[random.nextInt(8)];
        for (int j = 0; j < ids.length; j++) {
          int kind = random.nextInt(10);
          ids[j] =
              kind == 0
                  ? random.nextInt(3)
                  : kind < 4
                      ? TinySentencePiece.FIRST_BYTE + random.nextInt(1, 0xf0)
                      : TinySentencePiece.FIRST_PIECE + random.nextInt(pieces.length);
        }
        assertThat(
            Arrays.toString(ids) + ", seed 7",
            tokenizer.decode(TokenIds.of(ids)),
            is(library.decode(processor, ids)));
      }
    } finally {
      library.deleteSentencePieceProcessor(processor);
    }
  }

  @Test
  void refusesIdsThatAreNoneOfTheModels() {
    try (Tokenizer tokenizer = open(new TinySentencePiece("a").bytes(true, false))) {
      for (int id : new int[] {260, Integer.MAX_VALUE}) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class, () -> tokenizer.decode(TokenIds.of(0, id)));
        assertThat(e.getMessage(), is("id " + id + " at 1 is none of the model's, 0..259"));
      }
    }
  }

  @Test
  void refusesATextThatIsTooLong() {
    try (Tokenizer tokenizer = open(new TinySentencePiece("a").bytes(true, false))) {
      UntokenizableTextException e =
          assertThrows(
              UntokenizableTextException.class, () -> tokenizer.encode("a".repeat((1 << 24) + 1)));
      assertThat(
          e.getMessage(), containsString("16777217 UTF-16 units, expected at most 16777216"));
    }
  }

  @Test
  void refusesWhatAModelCannotDo() throws Exception {
    Path model = new TinySentencePiece("a").write(folder);
    TokenizerSpec spec = TokenizerSpec.of(model.toString(), false);

    assertThat(
        refusal(spec.withEngine(TokenizerEngine.JAVA)),
        allOf(containsString("tokenize.engine cannot be java"), containsString("auto or djl")));
    assertThat(
        refusal(TokenizerSpec.of(model.toString(), true)),
        containsString("tokenize.parse_special_tokens cannot be true"));
    assertThat(
        refusal(spec.withSplitDigits(SplitDigits.ISOLATED)),
        containsString("tokenize.split_digits must be none"));
  }

  private static String refusal(TokenizerSpec spec) {
    return assertThrows(IllegalArgumentException.class, spec::open).getMessage();
  }

  @Test
  void saysWhatIsWrongWithAModel() throws Exception {
    byte[] whole = new TinySentencePiece("a").bytes(true, false);
    Path file = folder.resolve("x.model");

    Files.write(file, new byte[0]);
    assertThat(notAModel(file), containsString("it has no pieces"));
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThat(notAModel(file), containsString("expected a length of at most"));
    Files.write(file, new byte[] {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f});
    assertThat(
        notAModel(file),
        containsString("at offset 1: expected a length of at most 0, got 4294967295"));
    Files.writeString(file, "IQ== 0\nIg== 1\n");
    assertThat(notAModel(file), containsString("x.model is not a SentencePiece model: "));
    Files.write(file, new TinySentencePiece("a").with("b", 7).bytes(true, false));
    assertThat(notAModel(file), containsString("piece 260: expected a text and a type in 1..6"));
    Files.write(file, new TinySentencePiece("a").with("<0xG0>", 6).bytes(true, false));
    assertThat(notAModel(file), containsString("must be <0x00> to <0xFF>, was <0xG0>"));
    Files.write(file, new TinySentencePiece("a", "a").bytes(true, false));
    TokenizerSpec twice = TokenizerSpec.of(file.toString(), false);
    assertThat(refusal(twice), containsString("the SentencePiece library cannot load it"));
  }

  private static String notAModel(Path file) {
    return assertThrows(
            IllegalArgumentException.class, () -> TokenizerSpec.of(file.toString(), false))
        .getMessage();
  }
}
