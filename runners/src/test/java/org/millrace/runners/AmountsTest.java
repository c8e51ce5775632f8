package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "99949, 99.9 kB",
    "99950, 100 kB",
    "999499, 999 kB",
    "999500, 1.0 MB",
    "123456789012, 123 GB",
    "9223372036854775807, 9.2 EB",
  })
  void bytes(long bytes, String shown) {
    assertThat(Amounts.bytes(bytes), is(shown));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "999.4, 999", "999.6, 1.0k", "12345, 12.3k", "999499, 999k", "4.5e6, 4.5M"})
  void rate(double rate, String shown) {
    assertThat(Amounts.rate(rate), is(shown));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 00 s", "3599, 59 min 59 s", "11040, 3 h 04 min"})
  void duration(long seconds, String shown) {
    assertThat(Amounts.duration(seconds), is(shown));
  }

  @Test
  void countWithItsNoun() {
    assertThat(Amounts.of(1, "file", "files"), is("1 file"));
    assertThat(Amounts.of(1234, "file", "files"), is("1,234 files"));
  }
}
