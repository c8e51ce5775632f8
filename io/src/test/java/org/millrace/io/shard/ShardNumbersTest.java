package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.SourceTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardNumbersTest {

  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 2000, 2001, 99_999})
  void piecesHoldEachShardOnce(int shards) throws Exception {
    List<Integer> read = new ArrayList<>();
    List<ShardNumbers> pieces = new ShardNumbers(0, shards).split(1, OPTIONS);
    for (ShardNumbers piece : pieces) {
      read.addAll(SourceTestUtils.readFromSource(piece, OPTIONS));
    }

    assertThat(read, equalTo(IntStream.range(0, shards).boxed().toList()));
    assertThat(pieces, hasSize(Math.min(2000, shards)));
  }

  @Test
  void readsAsTheContractOfSourcesAsks() throws Exception {
    ShardNumbers source = new ShardNumbers(3, 12);

    SourceTestUtils.assertSourcesEqualReferenceSource(source, source.split(1, OPTIONS), OPTIONS);
    SourceTestUtils.assertUnstartedReaderReadsSameAsItsSource(
        source.createReader(OPTIONS), OPTIONS);
  }

  @Test
  void anEmptyRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ShardNumbers(2, 2));
  }
}
