package org.millrace.io.megatron;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.column.DType;

class MegatronSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "1,          auto,   uint16",
    "50257,      auto,   uint16",
    "65499,      auto,   uint16",
    "65537,      auto,   int32",
    "2147483647, auto,   int32",
    "65499,      int32,  int32",
    "65500,      uint16, uint16",
    "65500,      int32,  int32",
    "65536,      uint16, uint16",
    "65536,      int32,  int32",
    "65537,      uint16, uint16",
    "65537,      int64,  int64"
  })
  void theTypeFollowsTheVocabularyUnlessForced(int vocabulary, String dtype, String expected) {
    MegatronSettings settings = new MegatronSettings("shard", "text", vocabulary, dtype, 0);

    assertThat(settings.elementType().label(), equalTo(expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {65500, 65501, 65536})
  void theTypeIsNotGuessedWhereMegatronDoesNotAgreeWithItself(int vocabulary) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> MegatronIO.rows(MegatronSettings.of(vocabulary)));
    assertThat(
        MegatronSettings.of(vocabulary).withDtype("int32").elementType(), equalTo(DType.INT32));

    assertThat(
        refused.getMessage(),
        equalTo(
            "dtype must be uint16 or int32, not auto, for a vocabularySize of 65500..65536, was "
                + vocabulary
                + ": there Megatron-LM's writers take int32, and its fast_cache_load reads"
                + " uint16"));
  }

  @ParameterizedTest
  @CsvSource({
    "'',       text,   100, auto,    0, prefix must be letters",
    "a/b,      text,   100, auto,    0, prefix must be letters",
    "..,       text,   100, auto,    0, prefix must be letters",
    "'a*',     text,   100, auto,    0, prefix must be letters",
    "shard,    '',     100, auto,    0, key must be letters",
    "shard,    a/../b, 100, auto,    0, key must be letters",
    "shard,    text,   0,   auto,    0, 'vocabularySize must be 1 or more, was 0'",
    "shard,    text,   100, float32, 0, 'dtype must be one of [auto, uint8, int8,'",
    "shard,    text,   100, auto,    7, 'partBytes must be 0, for no parts, or 8 or more, was 7'",
    "shard,    text,   100, auto,   -1, 'partBytes must be 0, for no parts, or 8 or more, was -1'"
  })
  void valuesOutOfRangeAreRefused(
      String prefix, String key, int vocabulary, String dtype, long partBytes, String expected) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new MegatronSettings(prefix, key, vocabulary, dtype, partBytes));

    assertThat(refused.getMessage(), containsString(expected));
  }

  @Test
  void eachPartIsReplacedAlone() {
    MegatronSettings settings =
        MegatronSettings.of(100)
            .withPrefix("p")
            .withKey("k")
            .withVocabularySize(200)
            .withDtype("int32")
            .withPartBytes(64);

    assertThat(settings, equalTo(new MegatronSettings("p", "k", 200, "int32", 64)));
  }

  @Test
  void sinksAreSerializable() {
    SerializableUtils.ensureSerializable(MegatronIO.documents(MegatronSettings.of(100)));
    SerializableUtils.ensureSerializable(MegatronIO.rows(MegatronSettings.of(100)).naming());
  }
}
