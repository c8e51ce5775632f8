package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.io.column.DType;
import org.millrace.io.python.Python;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.StoredShards;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenWindow;

class WindowColumnsTest {

  @TempDir private Path folder;

  private static TokenWindow window(long index, int before, int own) {
    int[] ids = IntStream.range(0, before + own).map(i -> (int) (index + i * 7 % 31_000)).toArray();
    OrderKey position = new OrderKey(index, 0);
    return new TokenWindow(
        "train/arxiv", "arxiv", index, position, "a:" + index, TokenIds.of(ids), before, own);
  }

  private Path shard(Optional<DType> dtype, boolean index, TokenWindow... windows)
      throws IOException {
    Path copy = folder.resolve("shard.00000.mds");
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenWindow> writer =
            MdsIO.windows(32_000, dtype, index, MdsSettings.standard())
                .open(scratch, windows.length)) {
      for (TokenWindow window : windows) {
        writer.write(window);
      }
      Files.copy(writer.finish().get(0).path(), copy);
    }
    return copy;
  }

  /**
   * A sample of 4096 and 4096 tokens: three lengths, the domain, and two pickles; the index is 8
   * more. CEPE's 65,853 have 150 for a pickle, as its arrays are of numpy's class memmap, whose
   * name is a letter shorter than that of ndarray.
   */
  @ParameterizedTest
  @CsvSource({
    "pkl, false, 12 + 5 + 2 * (32768 + 150 + 1), 65855",
    "pkl, true, 12 + 5 + 2 * (32768 + 150 + 1) + 8, 65863",
    "uint16, false, 12 + 5 + 2 * (8192 + 3), 16407"
  })
  void aSampleHasAsManyBytesAsCalculated(String ids, boolean index, String sum, int bytes)
      throws IOException {
    Optional<DType> dtype = DType.ofLabel(ids);

    Path shard = shard(dtype, index, window(0, 4096, 4096), window(1, 4096, 4096));

    ByteBuffer head = ByteBuffer.wrap(Files.readAllBytes(shard)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(sum, head.getInt(8) - head.getInt(4), equalTo(bytes));
    assertThat(sum, head.getInt(12) - head.getInt(8), equalTo(bytes));
  }

  @Test
  void numpyLoadsThePickles() throws Exception {
    Path shard = shard(Optional.empty(), true, window(0, 300, 5), window(1, 4096, 2));
    String script =
        """
        import pickle, struct, sys, numpy
        data = open(sys.argv[1], 'rb').read()
        n, = struct.unpack_from('<I', data)
        offsets = struct.unpack_from('<%dI' % (n + 1), data, 4)
        for i in range(n):
            at = offsets[i]
            sizes = struct.unpack_from('<3I', data, at)
            at += 12
            domain = data[at:at + sizes[0]].decode(); at += sizes[0]
            index, = struct.unpack_from('<q', data, at); at += 8
            previous = pickle.loads(data[at:at + sizes[1]]); at += sizes[1]
            own = pickle.loads(data[at:at + sizes[2]]); at += sizes[2]
            assert at == offsets[i + 1] and type(own) is numpy.ndarray
            whole = numpy.concatenate([previous, own])
            assert (whole == index + numpy.arange(len(whole)) * 7 % 31000).all()
            print(domain, index, previous.dtype, previous.shape, own.shape)
        """;

    String printed = Python.orSkip("numpy").run(script, shard);

    assertThat(printed, equalTo("arxiv 0 int64 (300,) (5,)\narxiv 1 int64 (4096,) (2,)\n"));
  }

  @Test
  void readsBackWhatItWrites() throws IOException {
    Path shard = shard(Optional.of(DType.UINT16), true, window(3, 6, 2));

    StoredSample sample =
        StoredShards.samples(
                MdsIO.format(), List.of(StoredShards.file(shard, "shard.00000.mds")), 0)
            .get(0);

    assertThat(sample.value(sample.index("domain").orElseThrow()), equalTo("arxiv"));
    assertThat(sample.value(sample.index("index").orElseThrow()), equalTo(3L));
    assertThat(sample.ids("prev_token_ids", ""), equalTo(window(3, 6, 2).context()));
    assertThat(sample.ids("token_ids", ""), equalTo(window(3, 6, 2).own()));
  }

  @Test
  void refusesWhatMdsCannotStoreAndForeignIds() {
    Exception empty =
        assertThrows(
            IllegalArgumentException.class,
            () -> shard(Optional.of(DType.UINT16), true, window(0, 0, 2)));
    Exception foreign =
        assertThrows(
            IllegalArgumentException.class,
            () -> shard(Optional.of(DType.UINT16), true, window(40_000, 1, 1)));

    assertThat(empty.getMessage(), containsString("a:0: column prev_token_ids"));
    assertThat(foreign.getMessage(), containsString("40000"));
  }

  /** CEPE's own samples: the same columns, and the same values in them. */
  @Test
  void pickledColumnsAreThoseOfCepe() throws IOException {
    MdsFolder golden = MdsFolder.golden("cepe-tokens-pkl");
    List<StoredSample> expected = golden.samples();
    List<TokenWindow> windows = new ArrayList<>();
    for (StoredSample sample : expected) {
      int[] ids = Arrays.copyOf(sample.ids("prev_token_ids", "").toArray(), 40 + 24);
      sample.ids("token_ids", "").copyTo(ids, 40);
      String domain = (String) sample.value(sample.index("domain").orElseThrow());
      int i = windows.size();
      windows.add(
          new TokenWindow(
              "test/" + domain, domain, i, new OrderKey(i, 0), "a", TokenIds.of(ids), 40, 24));
    }

    MdsFolder written =
        MdsFolder.write(
            folder.resolve("mds"),
            MdsIO.windows(32_000, Optional.empty(), false, MdsSettings.standard()),
            windows);

    List<StoredSample> found = written.samples();
    assertThat(found.get(0).columns(), equalTo(expected.get(0).columns()));
    assertThat(found.size(), equalTo(20));
    for (int i = 0; i < found.size(); i++) {
      for (int column = 0; column < 3; column++) {
        assertThat(found.get(i).value(column), equalTo(expected.get(i).value(column)));
      }
    }
    // All but the lengths, which pickles of two protocols differ in.
    String config = "\\{\"column_encodings\".*?\"column_sizes\": \\[.*?]";
    assertThat(
        Files.readString(written.path().resolve("index.json"))
            .replaceFirst(".*?(" + config + ").*", "$1"),
        equalTo(
            Files.readString(golden.path().resolve("index.json"))
                .replaceFirst(".*?(" + config + ").*", "$1")));
  }
}
