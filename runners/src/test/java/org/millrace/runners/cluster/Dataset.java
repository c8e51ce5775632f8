package org.millrace.runners.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a run has left in its output. */
final class Dataset {

  private static final String MANIFEST = "manifest.json";

  private Dataset() {}

  /** The SHA-256 of all files by their paths; folders are there as well, with nothing. */
  static SortedMap<String, String> digests(Path folder) throws Exception {
    SortedMap<String, String> digests = new TreeMap<>();
    for (Path path : all(folder)) {
      String digest = "";
      if (Files.isRegularFile(path)) {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        digest = HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(path)));
      }
      digests.put(folder.relativize(path).toString(), digest);
    }
    return digests;
  }

  /** Checks that there is what the manifest lists and no more, and that the manifest came last. */
  static void checkComplete(Path folder) throws IOException {
    SortedMap<String, Boolean> listed = new TreeMap<>();
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve(MANIFEST).toFile());
    for (JsonNode output : manifest.path("outputs")) {
      output.path("files").forEach(file -> listed.put(file.path("path").asText(), true));
    }
    listed.put(MANIFEST, true);
    SortedMap<String, Boolean> found = new TreeMap<>();
    for (Path path : all(folder)) {
      String name = folder.relativize(path).toString();
      if (Files.isRegularFile(path) && !name.startsWith("failures/")) {
        found.put(name, true);
      }
      assertThat(
          MANIFEST + " is not older than " + name,
          Files.getLastModifiedTime(folder.resolve(MANIFEST)),
          greaterThanOrEqualTo(
              Files.isRegularFile(path)
                  ? Files.getLastModifiedTime(path)
                  : Files.getLastModifiedTime(folder.resolve(MANIFEST))));
    }
    assertThat(found, is(listed));
  }

  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> !path.equals(folder)).sorted().toList();
    }
  }
}
