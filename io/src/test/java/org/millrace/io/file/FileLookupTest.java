package org.millrace.io.file;

import static java.time.Duration.ofSeconds;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLookupTest {

  @TempDir Path folder;

  private static List<String> names(String spec) throws IOException {
    return FileLookup.match(spec).stream()
        .map(file -> Path.of(file.resourceId().toString()).getFileName().toString())
        .sorted()
        .toList();
  }

  @Test
  void findsFilesFoldersAndPatterns() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("a")).resolve("x.txt"), "1");
    Files.writeString(folder.resolve("a/y z.txt"), "1");

    assertThat(names(folder + "/a"), equalTo(List.of("a")));
    assertThat(names(folder + "/a/x.txt"), equalTo(List.of("x.txt")));
    assertThat(names(folder + "/**.txt"), equalTo(List.of("x.txt", "y z.txt")));
    assertThat(names(folder + "/none/**"), empty());
  }

  @Test
  void doesNotSearchTheMachineForAPathThatIsMissing() {
    assertTimeoutPreemptively(
        ofSeconds(20), () -> assertThat(FileLookup.match("/no-such-file-at-the-root"), empty()));
  }
}
