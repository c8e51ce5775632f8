package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.tokenize.bpe.BpeTokenizer;
import org.millrace.transforms.tokenize.bpe.UnsupportedTextException;

/** Ids against those of the library, for many texts. */
class BpeTokenizerTest {

  private static final int TEXTS = Integer.getInteger("millrace.texts", 20_000);

  @ParameterizedTest
  @CsvSource({
    "gpt2, true",
    "gpt2, false",
    "gpt-neox-20b, true",
    "gpt-neox-20b, false",
    "crystalcoder, true",
    "crystalcoder, false",
    "llama-phi3-mini, true",
    "llama-phi3-mini, false",
    "stories260K, true",
    "stories260K, false"
  })
  void encodesRandomTextsAsTheLibrary(String name, boolean parse) throws Exception {
    byte[] json = Files.readAllBytes(SharedData.file("tokenizers/" + name + "/tokenizer.json"));
    BpeTokenizer tokenizer = JavaEncoder.of(name, json, parse, SplitDigits.NONE);
    HardTexts texts = new HardTexts(1, List.of("<|endoftext|>", "<s>", "</s>", "<unk>", "<|end|>"));
    List<String> different = new ArrayList<>();
    int left = 0;

    try (Tokenizer library = new HuggingFaceTokenizer(new TokenizerJson(name, json), parse)) {
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
          different.add(i + " " + text + ": expected " + expected + ", got " + got);
        }
      }
    }

    assertThat(different.stream().limit(5).toList(), is(empty()));
    assertThat(left, is(lessThan(TEXTS / 20)));
  }
}
