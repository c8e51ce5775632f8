package org.millrace.io.document;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds real data that is not part of the repository. */
final class SharedData {

  private SharedData() {}

  /** A folder or file of it; the test is skipped where there is none. */
  static Path path(String name) {
    Path path =
        Path.of(System.getProperty("millrace.home", "."), "..", "shared", "data").resolve(name);
    assumeTrue(Files.exists(path), "needs " + name + " of the shared data, which is not here");
    return path.toAbsolutePath().normalize();
  }
}
