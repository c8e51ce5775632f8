package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.DType;
import org.millrace.io.column.TokenRow;
import org.millrace.io.megatron.Pairs.Row;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredShards;
import org.millrace.io.stored.TokenDigest;
import org.millrace.transforms.data.TokenIds;

/** What is written is read back, whatever its shape. */
class MegatronRandomTest {

  private static final int[] LENGTHS = {0, 1, 2, 65_535, 65_536, 65_537, 131_072};

  @TempDir private Path folder;

  private static List<TokenRow> rows(SplittableRandom random, DType dtype, int vocabulary) {
    List<TokenRow> rows = new ArrayList<>();
    int count = 1 + random.nextInt(12);
    int largest = (int) Math.min(vocabulary, dtype.holds(vocabulary) ? vocabulary : 100);
    boolean ended = true;
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(3) > 0 ? random.nextInt(500) : LENGTHS[random.nextInt(7)];
      int[] ids = random.ints(i == 0 ? length + 1 : length, 0, largest).toArray();
      int before = i == 0 && random.nextInt(4) == 0 ? random.nextInt(3) : 0;
      ended = i == count - 1 || random.nextInt(3) > 0;
      rows.add(new Row(TokenIds.wrap(ids), ended ? 1 + random.nextInt(5) / 4 : 0, before));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"uint8", "int8", "uint16", "int16", "int32", "int64"})
  void allThatIsWrittenIsReadBack(String label) throws IOException {
    DType dtype = DType.ofLabel(label).orElseThrow();
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int vocabulary = new int[] {100, 127, 32_000, 100_000}[random.nextInt(4)];
      List<TokenRow> rows = rows(random, dtype, vocabulary);
      long partBytes = random.nextBoolean() ? 0 : 4096 + random.nextInt(100_000);
      Path at = Files.createDirectory(folder.resolve("" + seed));

      MegatronSettings settings = MegatronSettings.of(vocabulary).withDtype(label);
      Pairs.write(MegatronIO.rows(settings.withPartBytes(partBytes)), rows, at.resolve("a"));

      String seeded = "seed " + seed;
      assertThat(seeded, Pairs.rows(at), equalTo(rows));
      List<StoredFile> files =
          MegatronIO.format().shards(StoredFolder.list(at.toString()), Pairs::fail).get(0);
      assertThat(seeded, Pairs.findings(files, vocabulary), empty());
      TokenDigest digest = StoredShards.digest(rows.stream().map(TokenRow::tokens).toList());
      assertThat(
          seeded,
          StoredShards.check(MegatronIO.format(), files, vocabulary, Pairs::fail),
          equalTo(new ShardReader.Contents(rows.size(), digest)));
    }
  }
}
