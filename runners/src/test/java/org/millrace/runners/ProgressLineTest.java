package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private static ProgressSnapshot after(
      double seconds, long inputBytes, long documents, long tokenized, long samples) {
    return new ProgressSnapshot(
        (long) (seconds * 1e9),
        inputBytes,
        documents,
        tokenized,
        200 * tokenized,
        300 * tokenized,
        documents / 1000,
        samples,
        samples / 100);
  }

  private static final ProgressSnapshot START = after(0, 0, 0, 0, 0);

  @Test
  void tellsShareRatesTimeLeftAndBadRecords() {
    ProgressLine line = new ProgressLine(START, 4_000_000, 8);

    assertThat(
        line.at(after(2, 1_000_000, 5_000, 5_000, 0)),
        is("25 % read | 2.5k documents/s | 750k tokens/s | 500 kB/s | 6 s left to read | 5 bad"));
  }

  @Test
  void showsDocumentsReadUntilTheFirstIsTokenized() {
    ProgressLine line = new ProgressLine(START, 4_000_000, 8);

    assertThat(
        line.at(after(2, 1_000_000, 5_000, 0, 0)),
        is("25 % read | 2.5k documents/s | 0 tokens/s | 0 B/s | 6 s left to read | 5 bad"));
  }

  @Test
  void countsFromTheBeginOfTheRun() {
    ProgressLine line = new ProgressLine(after(100, 3_000_000, 9_000, 9_000, 50), 4_000_000, 8);

    assertThat(
        line.at(after(102, 4_000_000, 14_000, 14_000, 50)), containsString("25 % read | 2.5k doc"));
  }

  @Test
  void forgetsRatesOfLongAgo() {
    ProgressLine line = new ProgressLine(START, 1_000, 1);
    line.at(after(1, 500, 10_000, 10_000, 0));
    line.at(after(20, 500, 10_000, 10_000, 0));

    assertThat(
        line.at(after(31, 500, 10_022, 10_022, 0)),
        is("50 % read | 2 documents/s | 600 tokens/s | 400 B/s | 31 s left to read | 10 bad"));
  }

  @Test
  void tellsWhatIsTokenizedWhenAllIsRead() {
    ProgressLine line = new ProgressLine(START, 1_000, 1);
    line.at(after(10, 500, 10_000, 0, 0));

    assertThat(
        line.at(after(15, 1_000, 20_000, 5_000, 0)),
        is(
            "all read, 25 % tokenized | 1.0k documents/s | 300k tokens/s | 200 kB/s"
                + " | 15 s left to tokenize | 20 bad"));
  }

  @Test
  void tellsShardsWhenTheyAreWritten() {
    ProgressLine line = new ProgressLine(START, 2_000_000, 8);

    assertThat(
        line.at(after(5, 2_000_000, 20_000, 19_000, 400)),
        is("all tokenized | 19,000 documents | 5,700,000 tokens | 4 of 8 shards written | 20 bad"));
  }

  @Test
  void promisesNothingBeforeTheFirstByte() {
    String line = new ProgressLine(START, 1_000, 1).at(after(3, 0, 0, 0, 0));

    assertThat(line, containsString("0 % read"));
    assertThat(line, not(containsString("left")));
  }

  @Test
  void anEmptyInputIsAllRead() {
    assertThat(new ProgressLine(START, 0, 1).at(START), containsString("all read, 100 %"));
  }
}
