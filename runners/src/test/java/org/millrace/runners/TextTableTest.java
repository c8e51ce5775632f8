package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void linesUpTextToTheLeftAndNumbersToTheRight() {
    TextTable table =
        TextTable.of("NAME", "SIZE", "COUNT").row("é", "1.5 kB", 12).row("longer", "", 1234567L);

    assertThat(
        table.text().replace(System.lineSeparator(), "\n"),
        is(
            """
            NAME      SIZE      COUNT
            é       1.5 kB         12
            longer          1,234,567
            """));
  }
}
