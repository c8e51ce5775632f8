package org.millrace.transforms.tokenize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.TokenIds;

class TokenizerSpecTest {

  @TempDir Path folder;

  @Test
  void namesATokenizerAfterItsFolderOrItsFile() throws Exception {
    Path inFolder = new TinyTokenizer().write(folder.resolve("tiny v1"));
    Path other = Files.copy(inFolder, folder.resolve("byte-level.json"));

    TokenizerSpec byFile = TokenizerSpec.of(inFolder.toString(), false);

    assertThat(byFile.name(), is("tiny v1"));
    assertThat(byFile.path(), is(inFolder.toString()));
    assertThat(byFile.sha256(), is(TokenizerFile.sha256(new TinyTokenizer().bytes())));
    assertThat(byFile.parseSpecialTokens(), is(false));
    assertThat(TokenizerSpec.of(other.toString(), true).name(), is("byte-level"));
    assertThat(TokenizerSpec.of(other.toString(), true).parseSpecialTokens(), is(true));
  }

  @Test
  void takesTheTokenizerInAFolder() throws Exception {
    Path file = new TinyTokenizer().write(folder.resolve("tiny"));
    TokenizerSpec expected = TokenizerSpec.of(file.toString(), false);

    assertThat(TokenizerSpec.of(folder.resolve("tiny").toString(), false), is(expected));
    assertThat(TokenizerSpec.of(folder.resolve("tiny") + "/", false), is(expected));
  }

  @Test
  void saysThatThereIsNoTokenizer() {
    for (String path : List.of(folder + "/absent.json", folder.toString(), folder + "/")) {
      FileNotFoundException e =
          assertThrows(FileNotFoundException.class, () -> TokenizerSpec.of(path, false));
      assertThat(
          e.getMessage(),
          is(
              "no tokenizer at "
                  + path
                  + ": expected a tokenizer.json or a tokenizer.model, or a folder that holds one"));
    }
  }

  @Test
  void saysThatAFileIsNoTokenizer() throws Exception {
    Path file = Files.writeString(folder.resolve("config.json"), "{\"vocab_size\": 3}");

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> TokenizerSpec.of(file.toString(), false));

    assertThat(
        e.getMessage(),
        allOf(containsString("config.json is not a tokenizer.json"), containsString("give the")));
  }

  @Test
  void refusesAFileThatChanged() throws Exception {
    TokenizerSpec spec = new TinyTokenizer().spec(folder, false);
    new TinyTokenizer("a b").write(folder);

    IOException e = assertThrows(IOException.class, spec::open);

    assertThat(
        e.getMessage(),
        allOf(
            containsString("expected a file with SHA-256 " + spec.sha256()),
            containsString("start the job again")));
    assertThat(SharedTokenizer.users(spec), is(0));
  }

  @Test
  void sharesATokenizerUntilTheLastUserClosesIt() throws Exception {
    TokenizerSpec spec = new TinyTokenizer("a b").spec(folder, false);
    TokenizerSpec parsed = new TinyTokenizer("a b").spec(folder, true);

    Tokenizer first = spec.open();
    Tokenizer second = spec.open();
    Tokenizer third = parsed.open();

    assertThat(SharedTokenizer.users(spec), is(2));
    assertThat(SharedTokenizer.users(parsed), is(1));
    first.close();
    first.close();
    assertThat(SharedTokenizer.users(spec), is(1));
    assertThrows(IllegalStateException.class, () -> first.encode("ab"));
    assertThat(second.encode("ab"), is(TokenIds.of(256)));
    second.close();
    third.close();
    assertThat(SharedTokenizer.users(spec), is(0));
    assertThat(SharedTokenizer.users(parsed), is(0));
    try (Tokenizer again = spec.open()) {
      assertThat(again.encode("ab"), is(TokenIds.of(256)));
    }
  }

  @Test
  void sharesBetweenWhatIsAskedForAndWhatComesOfIt() throws Exception {
    TokenizerSpec auto = new TinyTokenizer("a b").spec(folder, false);
    TokenizerSpec java = auto.withEngine(TokenizerEngine.JAVA);
    TokenizerSpec djl = auto.withEngine(TokenizerEngine.DJL);

    try (Tokenizer first = auto.open();
        Tokenizer second = java.open();
        Tokenizer third = djl.open()) {
      assertThat(shared(second), sameInstance(shared(first)));
      assertThat(shared(third), not(sameInstance(shared(first))));
      assertThat(SharedTokenizer.users(auto), is(2));
      assertThat(SharedTokenizer.users(java), is(2));
      assertThat(SharedTokenizer.users(djl), is(1));
    }
    assertThat(SharedTokenizer.users(java), is(0));
  }

  @Test
  void keepsTokenizersWhileAnyHoldIsThere() throws Exception {
    TokenizerSpec spec = new TinyTokenizer("a c").spec(folder, false);
    TokenizerSpec.Hold one = TokenizerSpec.hold();
    TokenizerSpec.Hold other = TokenizerSpec.hold();
    Tokenizer first = spec.open();
    Tokenizer kept = shared(first);
    first.close();

    one.close();
    one.close();
    try (Tokenizer second = spec.open()) {
      assertThat(shared(second), sameInstance(kept));
    }
    assertThat(kept.encode("ac"), is(TokenIds.of(256)));
    other.close();

    assertThrows(IllegalStateException.class, () -> kept.encode("ac"));
    try (Tokenizer third = spec.open()) {
      assertThat(shared(third), not(sameInstance(kept)));
    }
  }

  @Test
  void aHoldClosesNothingThatIsUsed() throws Exception {
    TokenizerSpec spec = new TinyTokenizer("a d").spec(folder, false);
    TokenizerSpec.Hold hold = TokenizerSpec.hold();
    try (Tokenizer used = spec.open()) {
      hold.close();

      assertThat(used.encode("ad"), is(TokenIds.of(256)));
    }
    assertThat(SharedTokenizer.users(spec), is(0));
  }

  private static Tokenizer shared(Tokenizer tokenizer) {
    return ((SharedTokenizer) tokenizer).tokenizer();
  }

  @Test
  void encodesTheSameOnManyThreads() throws Exception {
    TokenizerSpec spec =
        new TinyTokenizer("l l", "ll o", "e llo", "o r", "l d").spec(folder, false);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      texts.add("Hello world " + i + " hello".repeat(i % 7));
    }
    Callable<List<TokenIds>> encode =
        () -> {
          try (Tokenizer tokenizer = spec.open()) {
            return texts.stream().map(tokenizer::encode).toList();
          }
        };
    List<TokenIds> expected = encode.call();

    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<List<TokenIds>> got :
          threads.invokeAll(List.of(encode, encode, encode, encode))) {
        assertThat(got.get(), is(expected));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(SharedTokenizer.users(spec), is(0));
  }
}
