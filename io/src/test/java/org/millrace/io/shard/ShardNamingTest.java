package org.millrace.io.shard;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShardNamingTest {

  @Test
  void namesAreTheSameInEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("fa-IR"));

      ShardNaming.Place place = new ShardNaming.Place(12, Optional.empty(), 0, 7, ".idx");

      assertThat(ShardNaming.byShard("shard").fileName(place), equalTo("shard-00012.idx"));
      assertThat(ShardNaming.running("data").fileName(place), equalTo("data-00007.idx"));
    } finally {
      Locale.setDefault(before);
    }
  }
}
