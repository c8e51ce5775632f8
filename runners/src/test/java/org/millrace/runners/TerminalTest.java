package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private static Terminal of(boolean interactive, Map<String, String> environment) {
    return Terminal.of(System.out, System.err, environment, interactive);
  }

  @Test
  void isLiveAndColouredOnlyForAPersonAtARealTerminal() {
    assertThat(of(true, Map.of("TERM", "xterm")).live(), is(true));
    assertThat(of(true, Map.of("TERM", "xterm")).colour(), is(true));
    assertThat(of(false, Map.of("TERM", "xterm")).live(), is(false));
    assertThat(of(true, Map.of("TERM", "dumb")).live(), is(false));
    assertThat(of(true, Map.of()).colour(), is(false));
  }

  @Test
  void noColorTurnsColourOffButNotTheLiveLine() {
    Terminal terminal = of(true, Map.of("TERM", "xterm", "NO_COLOR", "1"));

    assertThat(terminal.colour(), is(false));
    assertThat(terminal.live(), is(true));
  }

  @Test
  void readsWidthAndDebug() {
    assertThat(of(true, Map.of("COLUMNS", "80")).columns(), is(80));
    assertThat(of(true, Map.of("COLUMNS", "x")).columns(), is(100));
    assertThat(of(true, Map.of("MILLRACE_DEBUG", "1")).debug(), is(true));
    assertThat(of(true, Map.of()).debug(), is(false));
  }
}
