package org.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsTest {

  /** Counted by hand: context, stride, tokens, windows. */
  @ParameterizedTest
  @CsvSource({
    // TOTAL 8, DECODER 2: windows at 0, 2, 4 ... as long as 8 tokens are there.
    "6, 2, 0, 0",
    "6, 2, 7, 0",
    "6, 2, 8, 1",
    "6, 2, 9, 1",
    "6, 2, 10, 2",
    "6, 2, 15, 4",
    "6, 2, 16, 5",
    // CEPE's 4096 + 4096.
    "4096, 4096, 8191, 0",
    "4096, 4096, 8192, 1",
    "4096, 4096, 12287, 1",
    "4096, 4096, 12288, 2",
    "4096, 4096, 409600, 99",
    // CEPE's 32768 in all, 2048 of them for the decoder.
    "30720, 2048, 32767, 0",
    "30720, 2048, 32768, 1",
    "30720, 2048, 131072, 49",
    // Chunks of 512.
    "0, 512, 511, 0",
    "0, 512, 512, 1",
    "0, 512, 1023, 1",
    "0, 512, 1024, 2",
    "1, 1, 5, 4"
  })
  void countsAsByHand(int context, int stride, long tokens, long windows) {
    assertThat(Windows.of(context, stride).count(tokens), equalTo(windows));
  }

  @Test
  void everyWindowLiesWithinAndTheNextWouldNot() {
    for (int context = 0; context < 6; context++) {
      for (int stride = 1; stride < 6; stride++) {
        for (long tokens = 0; tokens < 40; tokens++) {
          Windows windows = Windows.of(context, stride);
          long count = windows.count(tokens);
          String where = windows + " of " + tokens;
          long end = count == 0 ? 0 : windows.start(count - 1) + windows.length(count - 1, tokens);
          assertThat(where, end <= tokens);
          assertThat(where, windows.start(count) + context + stride > tokens);
          if (count > 0) {
            assertThat(where, windows.length(count - 1, tokens), equalTo(context + stride));
          }
        }
      }
    }
  }

  /** 1,300 tokens in chunks of 512: two of them, the second with the 276 that are left behind it. */
  @Test
  void aChunkHasWhatFollows() {
    Windows chunks = new Windows(0, 512, 512);

    assertThat(chunks.count(1300), equalTo(2L));
    assertThat(chunks.start(1), equalTo(512L));
    assertThat(chunks.length(0, 1300), equalTo(1024));
    assertThat(chunks.length(1, 1300), equalTo(512 + 276));
    assertThat(chunks.length(1, 1024), equalTo(512));
  }

  @Test
  void saysWhichNumberIsWrong() {
    Exception context = assertThrows(IllegalArgumentException.class, () -> Windows.of(-1, 1));
    Exception stride = assertThrows(IllegalArgumentException.class, () -> Windows.of(1, 0));
    Exception all = assertThrows(IllegalArgumentException.class, () -> Windows.of(1 << 26, 1));

    assertThat(context.getMessage(), containsString("context must be 0 or more, was -1"));
    assertThat(stride.getMessage(), containsString("stride must be 1 or more, was 0"));
    assertThat(all.getMessage(), containsString("at most 67108864 tokens, was 67108865"));
  }
}
