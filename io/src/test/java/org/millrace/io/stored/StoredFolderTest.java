package org.millrace.io.stored;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFolderTest {

  @TempDir private Path root;

  @BeforeEach
  void makeFiles() throws IOException {
    Files.createDirectories(root.resolve("b/c"));
    for (String name : List.of("x_text.idx", "x_text.bin", "x_text2.bin", "b/y.npy", "b/c/z.npy")) {
      Files.writeString(root.resolve(name), name);
    }
  }

  private static List<String> paths(StoredFolder folder) {
    return folder.files().stream().map(StoredFile::path).toList();
  }

  @Test
  void listsAFolderWithAllBelowIt() throws IOException {
    StoredFolder folder = StoredFolder.list(root.toString());

    assertThat(
        paths(folder), contains("b/c/z.npy", "b/y.npy", "x_text.bin", "x_text.idx", "x_text2.bin"));
    assertThat(paths(folder.below("b")), contains("b/c/z.npy", "b/y.npy"));
    assertThat(folder.find("b/y.npy").orElseThrow().bytes(), is(7L));
    assertThat(folder.find("b/../x_text.bin").isPresent(), is(false));
    assertThat(folder.find("b").isPresent(), is(false));
  }

  @Test
  void givesTheFilesInAnotherOrder() throws IOException {
    StoredFolder folder =
        StoredFolder.list(root.toString()).inOrder(List.of("x_text2.bin", "gone", "b/y.npy"));

    assertThat(
        paths(folder), contains("x_text2.bin", "b/y.npy", "b/c/z.npy", "x_text.bin", "x_text.idx"));
  }

  @Test
  void takesAFileWithThoseOfItsShard() throws IOException {
    for (String name : List.of("x_text.idx", "x_text.bin", "x_text")) {
      assertThat(
          name,
          paths(StoredFolder.list(root.resolve(name).toString())),
          contains("x_text.bin", "x_text.idx"));
    }
    assertThat(paths(StoredFolder.list(root.resolve("b/y.npy").toString())), contains("y.npy"));
  }

  @Test
  void saysWhereNothingIs() {
    for (String name : List.of("nothing", "nothing/", "b/nothing.npy")) {
      assertThrows(FileNotFoundException.class, () -> StoredFolder.list(root + "/" + name), name);
    }
  }
}
