package org.millrace.testing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientFoldersTest {

  @Test
  void theyAreThoseOfEveryTest(@TempDir Path folder) {
    assertThat(folder.getFileName().toString(), startsWith("millrace-test-"));
  }

  @Test
  void deletesUnderAThreadThatStillWrites() throws Exception {
    PatientFolders folders = new PatientFolders();
    Path folder = folders.createTempDirectory(null, null);
    CountDownLatch writes = new CountDownLatch(100);
    Thread writer = new Thread(() -> write(folder, writes));
    writer.start();
    writes.await();

    folders.close();
    writer.join();

    // What came after the folder had gone once may have made it anew.
    folders.close();
    assertThat(Files.exists(folder), equalTo(false));
  }

  private static void write(Path folder, CountDownLatch writes) {
    for (int i = 0; i < 500; i++) {
      try {
        Files.createDirectories(folder.resolve("late").resolve(Integer.toString(i % 7)));
        Files.writeString(folder.resolve("late").resolve(i % 7 + "/" + i), "late");
      } catch (IOException e) {
        // Deleted between the two lines above: what this test is about.
        continue;
      } finally {
        writes.countDown();
      }
    }
  }
}
