package org.millrace.io.column;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.TokenIds;

class ColumnTest {

  @Test
  void arraysSayTypeAndShapeWhereTheyAreFixed() {
    Column rows = Column.array("data", DType.INT32, List.of(3, 2048));
    assertThat(rows.type(), is("ndarray:int32:3,2048"));
    assertThat(rows.dtype(), is(Optional.of(DType.INT32)));
    assertThat(rows.shape(), is(Optional.of(List.of(3, 2048))));

    Column tokens = Column.array("tokens", DType.UINT16);
    assertThat(tokens.type(), is("ndarray:uint16"));
    assertThat(tokens.shape(), is(Optional.empty()));

    Column any = new Column("a", "ndarray");
    assertThat(any.isArray(), is(true));
    assertThat(any.dtype(), is(Optional.empty()));
    assertThat(new Column("s", "str").isArray(), is(false));
  }

  @Test
  void arraysGiveTokenIdsOrSayWhyNot() throws IOException {
    NdArray ids = NdArray.of(DType.UINT16, TokenIds.of(0, 65_535));
    assertThat(ids.ids("x"), is(TokenIds.of(0, 65_535)));

    NdArray negative = new NdArray(DType.INT8, List.of(2), ByteBuffer.wrap(new byte[] {1, -1}));
    assertThat(
        assertThrows(IOException.class, () -> negative.ids("x")).getMessage(),
        is("x: id 1: expected 0..2147483647, got -1"));

    NdArray square = new NdArray(DType.INT8, List.of(1, 2), ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(
        assertThrows(IOException.class, () -> square.ids("x")).getMessage(),
        is("x: expected token ids, [n] of whole numbers; got [1, 2] of int8"));

    NdArray fraction = new NdArray(DType.FLOAT16, List.of(1), ByteBuffer.wrap(new byte[2]));
    assertThrows(IOException.class, () -> fraction.ids("x"));
  }

  @Test
  void arraysAreAsLargeAsTheirShape() {
    ByteBuffer three = ByteBuffer.wrap(new byte[3]);
    assertThrows(IllegalArgumentException.class, () -> new NdArray(DType.INT16, List.of(2), three));
  }
}
