package org.millrace.io.mds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.NdArray;
import org.millrace.io.stored.StoredSample;

/** What is written is read, whatever its shape, type, length and compression. */
class MdsRandomTest {

  private static final List<String> COMPRESSIONS =
      List.of("none", "zstd:1", "gz:1", "br:1", "bz2:1", "snappy");

  @TempDir private Path folder;

  private static NdArray array(Random random, DType dtype, List<Integer> shape) {
    int elements = shape.stream().reduce(1, (a, b) -> a * b);
    byte[] bytes = new byte[elements * dtype.bytes()];
    random.nextBytes(bytes);
    return new NdArray(dtype, shape, ByteBuffer.wrap(bytes));
  }

  private static List<Integer> shape(Random random) {
    List<Integer> shape = new ArrayList<>();
    int dimensions = 1 + random.nextInt(3);
    for (int i = 0; i < dimensions; i++) {
      shape.add(1 + random.nextInt(dimensions == 1 ? 500 : 8));
    }
    return shape;
  }

  @Test
  void givesBackArraysOfAnyShapeAndType() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      DType dtype = DType.values()[random.nextInt(DType.values().length)];
      List<Integer> fixed = shape(random);
      List<List<NdArray>> samples = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        DType any = DType.values()[random.nextInt(DType.values().length)];
        samples.add(
            List.of(
                array(random, any, shape(random)),
                array(random, dtype, shape(random)),
                array(random, dtype, fixed),
                array(random, any, shape(random))));
      }
      MdsSettings settings =
          MdsSettings.standard()
              .withCompression(COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())))
              .withHashes(List.of("xxh64"))
              .withSizeLimit(random.nextInt(4) * 2000L)
              .withSamplesPerShard(random.nextInt(4));
      List<MdsColumn<List<NdArray>>> columns =
          List.of(
              new MdsColumn<>(new Column("a", "ndarray"), sample -> sample.get(0)),
              new MdsColumn<>(Column.array("b", dtype), sample -> sample.get(1)),
              new MdsColumn<>(Column.array("c", dtype, fixed), sample -> sample.get(2)),
              new MdsColumn<>(new Column("d", "pkl"), sample -> sample.get(3)));

      MdsFolder written =
          MdsFolder.write(folder.resolve("" + seed), MdsIO.columns(columns, settings), samples);

      List<StoredSample> read = written.samples();
      assertThat("seed " + seed, read, hasSize(samples.size()));
      for (int i = 0; i < read.size(); i++) {
        for (int c = 0; c < 4; c++) {
          assertThat("seed " + seed, read.get(i).value(c), equalTo(samples.get(i).get(c)));
        }
      }
      assertThat("seed " + seed, written.check(), empty());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 65_535, 65_536})
  void givesBackArraysOfAnyLength(int length) throws IOException {
    for (String compression : COMPRESSIONS) {
      NdArray array = array(new Random(length), DType.UINT32, List.of(length));
      MdsColumn<NdArray> column = new MdsColumn<>(Column.array("a", DType.UINT32), a -> a);

      MdsFolder written =
          MdsFolder.write(
              folder.resolve(compression.replace(':', '-')),
              MdsIO.columns(List.of(column), MdsSettings.standard().withCompression(compression)),
              List.of(array, array));

      assertThat(written.samples().get(1).value(0), equalTo(array));
      assertThat(written.check(), empty());
    }
  }
}
