package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ShardNamingTest {

  @Test
  void namesAreTheSameInEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("fa-IR"));

      String name = new ShardNaming("shard", List.of(".bin", ".idx")).fileName(12, 1);

      assertThat(name, equalTo("shard-00012.idx"));
    } finally {
      Locale.setDefault(before);
    }
  }
}
