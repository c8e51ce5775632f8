package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private static ProgressSnapshot after(double seconds, long inputBytes, long documents) {
    return new ProgressSnapshot(
        (long) (seconds * 1e9),
        inputBytes,
        documents,
        2 * inputBytes,
        300 * documents,
        documents / 1000,
        documents / 10,
        inputBytes / 500_000);
  }

  private static final ProgressSnapshot START = after(0, 0, 0);

  @Test
  void tellsShareRatesTimeLeftAndBadRecords() {
    ProgressLine line = new ProgressLine(START, 4_000_000, 8);

    assertThat(
        line.at(after(2, 1_000_000, 5_000)),
        is("25 % read | 2.5k documents/s | 750k tokens/s | 1.0 MB/s | 6 s left | 5 bad"));
  }

  @Test
  void countsFromTheBeginOfTheRun() {
    ProgressSnapshot start = after(100, 3_000_000, 9_000);
    ProgressLine line = new ProgressLine(start, 4_000_000, 8);

    assertThat(line.at(after(102, 4_000_000, 14_000)), containsString("25 % read | 2.5k doc"));
  }

  @Test
  void forgetsRatesOfLongAgoButNotTheTimeTheyTook() {
    ProgressLine line = new ProgressLine(START, 1_000, 1);
    line.at(after(1, 500, 10_000));
    line.at(after(20, 500, 10_000));

    assertThat(
        line.at(after(31, 500, 10_010)),
        is("50 % read | 1 documents/s | 273 tokens/s | 0 B/s | 31 s left | 10 bad"));
  }

  @Test
  void tellsShardsWhenAllIsRead() {
    ProgressLine line = new ProgressLine(START, 2_000_000, 8);

    assertThat(
        line.at(after(5, 2_000_000, 20_000)),
        is("all read | 20,000 documents | 6,000,000 tokens | 4 of 8 shards written | 20 bad"));
  }

  @Test
  void promisesNothingBeforeTheFirstByte() {
    String line = new ProgressLine(START, 1_000, 1).at(after(3, 0, 0));

    assertThat(line, containsString("0 % read"));
    assertThat(line, not(containsString("left")));
  }

  @Test
  void anEmptyInputIsAllRead() {
    assertThat(new ProgressLine(START, 0, 1).at(START), containsString("all read"));
  }
}
