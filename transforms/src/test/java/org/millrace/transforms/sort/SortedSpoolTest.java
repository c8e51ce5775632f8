package org.millrace.transforms.sort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.transforms.data.OrderKey;

class SortedSpoolTest {

  @TempDir Path folder;

  private static List<Block> blocks(List<KV<OrderKey, String>> elements, int blockBytes)
      throws IOException {
    List<Block> blocks = new ArrayList<>();
    BlockBuffer buffer = new BlockBuffer();
    for (KV<OrderKey, String> element : elements) {
      buffer.add(element.getKey(), element.getValue(), StringUtf8Coder.of(), blocks::add);
      if (buffer.size() > blockBytes) {
        blocks.add(buffer.take());
      }
    }
    if (buffer.size() > 0) {
      blocks.add(buffer.take());
    }
    return blocks;
  }

  private List<String> sorted(Iterable<Block> blocks) throws IOException {
    List<String> values = new ArrayList<>();
    try (SortedSpool<String> spool =
        SortedSpool.of(blocks, StringUtf8Coder.of(), folder.resolve("spool"))) {
      long size = spool.size();
      OrderKey last = new OrderKey(0, 0);
      while (spool.hasNext()) {
        assertThat(spool.nextKey().compareTo(last) >= 0, equalTo(true));
        last = spool.nextKey();
        values.add(spool.next());
      }
      assertThat(size, equalTo((long) values.size()));
    }
    return values;
  }

  @Test
  void ordersByKeyWhateverTheOrderOfInput() throws IOException {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<KV<OrderKey, String>> elements = new ArrayList<>();
      for (int i = 0; i < random.nextInt(300); i++) {
        // Few different keys, so that ties occur in both halves.
        OrderKey key = new OrderKey(random.nextLong(6) - 3, random.nextLong(4) - 2);
        elements.add(KV.of(key, "x".repeat(random.nextInt(5)) + random.nextInt(10)));
      }
      List<String> expected =
          elements.stream()
              .sorted(
                  Comparator.<KV<OrderKey, String>, OrderKey>comparing(KV::getKey)
                      // The encoded form begins with the length.
                      .thenComparing(kv -> kv.getValue().length())
                      .thenComparing(KV::getValue))
              .map(KV::getValue)
              .toList();
      Collections.shuffle(elements, new Random(seed));

      List<Block> blocks = blocks(elements, 1 + random.nextInt(500));
      Collections.shuffle(blocks, new Random(seed));

      assertThat("seed " + seed, sorted(blocks), equalTo(expected));
    }
  }

  @Test
  void spillsToAFileAndDeletesIt() throws IOException {
    List<KV<OrderKey, String>> elements = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      elements.add(KV.of(new OrderKey(2999 - i, 0), i + "-" + "y".repeat(i)));
    }
    List<Block> blocks = blocks(elements, 1 << 17);
    Path path = folder.resolve("spool");
    try (SortedSpool<String> spool = SortedSpool.of(blocks, StringUtf8Coder.of(), path)) {
      assertThat(Files.size(path), greaterThan(4_000_000L));
      for (int i = 2999; i >= 0; i--) {
        assertThat(spool.next(), equalTo(i + "-" + "y".repeat(i)));
      }
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.toList(), empty());
    }
  }

  @Test
  void elementsLargerThanABlockComeBackWhole() throws IOException {
    String large = "0123456789".repeat(300_000);
    List<KV<OrderKey, String>> elements =
        List.of(
            KV.of(new OrderKey(2, 0), "last"),
            KV.of(new OrderKey(1, 0), large + "b"),
            KV.of(new OrderKey(1, 0), large + "a"),
            KV.of(new OrderKey(1, 0), large + "a"),
            KV.of(new OrderKey(0, 0), "first"));
    List<Block> blocks = blocks(elements, 100);
    for (Block block : blocks) {
      assertThat(block.bytes().length <= Block.LIMIT, equalTo(true));
    }
    Collections.shuffle(blocks, new Random(7));

    List<String> values = sorted(blocks);

    assertThat(values, equalTo(List.of("first", large + "a", large + "a", large + "b", "last")));
  }

  @Test
  void aMissingPartOfALargeElementIsAnError() throws IOException {
    List<Block> blocks = blocks(List.of(KV.of(new OrderKey(1, 0), "z".repeat(3_000_000))), 100);

    IOException error = assertThrows(IOException.class, () -> sorted(blocks.subList(0, 2)));

    assertThat(error.getMessage(), containsString("before all parts of 1 large"));
  }

  @Test
  void iteratesItsInputOnce() throws IOException {
    Iterator<Block> once = blocks(List.of(KV.of(new OrderKey(1, 0), "a")), 100).iterator();
    assertThat(sorted(() -> once), equalTo(List.of("a")));
  }

  @Test
  void anEmptyGroupHasNoElements() throws IOException {
    assertThat(sorted(List.of()), empty());
  }

  @Test
  void emptyElementsKeepTheirPlace() throws IOException {
    BlockBuffer buffer = new BlockBuffer();
    buffer.add(new OrderKey(1, 1), new byte[0], ByteArrayCoder.of(), b -> {});
    try (SortedSpool<byte[]> spool =
        SortedSpool.of(List.of(buffer.take()), ByteArrayCoder.of(), folder.resolve("s"))) {
      assertThat(spool.next(), equalTo(new byte[0]));
    }
  }
}
