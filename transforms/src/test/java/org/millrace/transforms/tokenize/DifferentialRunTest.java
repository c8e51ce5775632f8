package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.transforms.tokenize.bpe.UnsupportedTokenizerException;

/** A short form of the program of that name. */
class DifferentialRunTest {

  private static final int STRINGS = 2000;
  private static final long SEED = 1L << 40;

  /** The family that the library has to encode. */
  private static final List<String> MAY_BE_REFUSED = List.of("nfkc-lowercase");

  @Test
  void enginesAgreeOnEveryFamilyOfTheTokenizerThatComesWithMillrace() throws Exception {
    Path file =
        Path.of(System.getProperty("millrace.home"), "testdata/tokenizers/bytes-8k/tokenizer.json");
    List<String> refused = new ArrayList<>();

    for (DifferentialRun.Kind kind : DifferentialRun.kinds(List.of(file))) {
      try {
        check(kind);
      } catch (UnsupportedTokenizerException e) {
        refused.add(kind.name() + ": " + e.getMessage());
      }
    }

    refused.removeIf(kind -> MAY_BE_REFUSED.stream().anyMatch(kind::contains));
    assertThat(refused, is(List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"crystalcoder", "gpt-neox-20b", "gpt2", "llama-phi3-mini", "stories260K"})
  void enginesAgreeOnRealTokenizers(String name) throws Exception {
    Path file = SharedData.file("tokenizers/" + name + "/tokenizer.json");
    byte[] bytes = Files.readAllBytes(file);

    check(new DifferentialRun.Kind(name, bytes, true, false, SplitDigits.ISOLATED));
  }

  private static void check(DifferentialRun.Kind kind)
      throws UnsupportedTokenizerException, ExecutionException, InterruptedException {
    try (EnginePair pair = kind.open()) {
      assertThat(
          pair.name() + ", seeds from " + SEED,
          new DifferentialRun(2).random(pair, SEED, STRINGS),
          is(Optional.empty()));
    }
  }
}
