package org.millrace.io.column;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.transforms.data.TokenIds;

class DTypeTest {

  @ParameterizedTest
  @CsvSource({
    "1, UINT16",
    "50257, UINT16",
    "65536, UINT16",
    "65537, INT32",
    "2147483647, INT32",
  })
  void isTheNarrowestThatHoldsEveryIdOfTheVocabulary(int vocabularySize, DType expected) {
    assertThat(DType.forVocabulary(vocabularySize), equalTo(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "UINT16, 65535",
    "INT16, 32767",
    "UINT32, 2147483647",
    "INT32, 2147483647",
    "UINT64, 2147483647",
    "INT64, 2147483647"
  })
  void givesBackTheIdsThatItTook(DType dtype, int largest) {
    ByteBuffer buffer = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);

    dtype.put(TokenIds.of(0, 258, largest), buffer);

    assertThat(buffer.position(), equalTo(3 * dtype.bytes()));
    assertThat(buffer.get(dtype.bytes()), equalTo((byte) 2));
    assertThat(dtype.get(buffer, 0), equalTo(0L));
    assertThat(dtype.get(buffer, dtype.bytes()), equalTo(258L));
    assertThat(dtype.get(buffer, 2 * dtype.bytes()), equalTo((long) largest));
  }

  @ParameterizedTest
  @CsvSource({"UINT8, 255", "INT8, 127"})
  void givesBackTheIdsOfOneByte(DType dtype, int largest) {
    ByteBuffer buffer = ByteBuffer.allocate(5).position(1);

    dtype.put(TokenIds.of(9, 0, 25, largest).slice(1, 4), buffer);

    assertThat(buffer.position(), equalTo(4));
    assertThat(dtype.get(buffer, 1), equalTo(0L));
    assertThat(dtype.get(buffer, 2), equalTo(25L));
    assertThat(dtype.get(buffer, 3), equalTo((long) largest));
  }
}
