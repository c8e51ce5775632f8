package org.millrace.transforms.tokenize;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real tokenizers and documents, which lie beside the project where they are at all. */
final class SharedData {

  private SharedData() {}

  static Path root() {
    return Path.of(System.getProperty("millrace.home"), "..", "shared", "data");
  }

  /** A file there; the test is skipped where it is absent. */
  static Path file(String path) {
    Path file = root().resolve(path);
    Assumptions.assumeTrue(Files.exists(file), "skipped: there is no shared/data/" + path);
    return file;
  }

  static Tokenizer open(String tokenizer, boolean parseSpecialTokens) throws Exception {
    Path file = file("tokenizers/" + tokenizer + "/tokenizer.json");
    return TokenizerSpec.of(file.toString(), parseSpecialTokens).open();
  }
}
