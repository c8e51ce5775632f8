package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.python.Python;

class HashesTest {

  @TempDir private Path folder;

  private static String hash(String name, byte[] bytes) throws IOException {
    return Hashes.of(new ByteArrayInputStream(bytes), List.of(name)).get(name);
  }

  @ParameterizedTest
  @CsvSource({
    "xxh32, 32d153ff",
    "xxh64, 44bc2cf5ad770999",
    "xxh3_64, 78af5f94892f3950",
    "xxh3_128, 06b05ab6733a618578af5f94892f3950",
    "xxh128, 06b05ab6733a618578af5f94892f3950",
    "md5, 900150983cd24fb0d6963f7d28e17f72",
    "sha1, a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha3_224, e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
    "blake2s, 508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"
  })
  void hashesAbc(String name, String expected) throws IOException {
    assertThat(hash(name, "abc".getBytes(StandardCharsets.UTF_8)), equalTo(expected));
  }

  @Test
  void givesNoHashWhenNoneIsWanted() throws IOException {
    assertThat(
        Hashes.of(new ByteArrayInputStream(new byte[] {1}), List.of()), equalTo(new TreeMap<>()));
  }

  @Test
  void agreesWithHashlib() throws IOException, InterruptedException {
    assertAgrees(
        Python.orSkip(),
        "import hashlib as m\nnames = ['blake2b', 'blake2s', 'md5', 'sha1', 'sha224', 'sha256',"
            + " 'sha384', 'sha512', 'sha3_224', 'sha3_256', 'sha3_384', 'sha3_512']\n");
  }

  @Test
  void agreesWithXxhash() throws IOException, InterruptedException {
    assertAgrees(
        Python.orSkip("xxhash"),
        "import xxhash as m\nnames = ['xxh32', 'xxh64', 'xxh128', 'xxh3_64', 'xxh3_128']\n");
  }

  /** Lengths around every step of the algorithms, and more than a buffer. */
  private void assertAgrees(Python python, String names) throws IOException, InterruptedException {
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    Path file = Files.write(folder.resolve("bytes"), bytes);
    String lengths = "[0, 1, 3, 8, 16, 17, 128, 129, 240, 241, 1024, 1025, 65536, 65537, 300000]";
    String script =
        names
            + "import sys\nb = open(sys.argv[1], 'rb').read()\nfor n in "
            + lengths
            + ":\n  for name in names:\n    print(n, name, getattr(m, name)(b[:n]).hexdigest())";

    List<String> lines = python.run(script, file).lines().toList();

    for (String line : lines) {
      String[] parts = line.split(" ", -1);
      byte[] begin = Arrays.copyOf(bytes, Integer.parseInt(parts[0]));
      assertThat(line, hash(parts[1], begin), equalTo(parts[2]));
    }
    assertThat(lines.isEmpty(), equalTo(false));
  }

  @Test
  void hashesManyAtOnce() throws IOException {
    byte[] bytes = new byte[200_000];

    SortedMap<String, String> all = Hashes.of(new ByteArrayInputStream(bytes), Hashes.NAMES);

    assertThat(all.size(), equalTo(17));
    for (String name : Hashes.NAMES) {
      assertThat(all.get(name), equalTo(hash(name, bytes)));
    }
  }
}
