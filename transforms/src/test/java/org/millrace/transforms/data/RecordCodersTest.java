package org.millrace.transforms.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

class RecordCodersTest {

  private static final OrderKey KEY = new OrderKey(-2, 7);

  static List<Object> records() {
    LedgerEntry entry = new LedgerEntry("web", "pack", "leftover", 1, 1L << 40, 3);
    return List.of(
        KEY,
        new Document(KEY, "a/ü.jsonl:0", "a", "text \uD83D\uDE00 \0", "{\"k\":1}"),
        new TokenizedDocument(KEY, "a:1", "a", 9, TokenIds.of(1, 65_535)),
        TokenIds.of(),
        TokenIds.of(0, 65_535),
        TokenIds.of(0, 65_536, Integer.MAX_VALUE),
        new PackedSequence(
            KEY,
            "3/4",
            TokenIds.of(1, 2, 3, 0),
            List.of(new Piece("a", 2, true, true, 5), new Piece("b", 1, false, false, 0)),
            OptionalInt.empty()),
        new PackedSequence(
            KEY,
            "3/5",
            TokenIds.of(1, 2),
            List.of(new Piece("a", 2, true, false, 5)),
            OptionalInt.of(0)),
        new BadRecord(KEY, "a:1", "a", "Read", "Broken", "expected {, got [", "[1]"),
        entry,
        new Ledger(List.of(entry)));
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordsSurviveTheirDeterministicCoders(Object record) throws Exception {
    @SuppressWarnings("unchecked")
    Coder<Object> coder = (Coder<Object>) CoderRegistry.createDefault().getCoder(record.getClass());

    CoderProperties.coderDecodeEncodeEqual(coder, record);
    coder.verifyDeterministic();
    CoderProperties.coderSerializable(coder);
  }

  @Test
  void idsTakeTwoBytesWhereAllFit() throws Exception {
    Coder<TokenIds> coder = TokenIds.TokenIdsCoder.of();
    assertThat(CoderUtils.encodeToByteArray(coder, TokenIds.of(0, 65_535)).length, equalTo(5));
    assertThat(CoderUtils.encodeToByteArray(coder, TokenIds.of(0, 65_536)).length, equalTo(9));
  }

  @Test
  void manyIdsSurviveInChunks() throws Exception {
    for (int base : new int[] {0, 100_000}) {
      TokenIds ids =
          TokenIds.wrap(IntStream.range(0, 1_000_001).map(i -> base + i % 60_000).toArray());
      byte[] bytes = CoderUtils.encodeToByteArray(TokenIds.TokenIdsCoder.of(), ids);
      assertThat(CoderUtils.decodeFromByteArray(TokenIds.TokenIdsCoder.of(), bytes), equalTo(ids));
      assertThrows(
          EOFException.class,
          () ->
              TokenIds.TokenIdsCoder.of()
                  .decode(new ByteArrayInputStream(bytes, 0, bytes.length - 1)));
    }
  }

  @Test
  void slicesShareAndCompareByContent() {
    TokenIds ids = TokenIds.of(5, 6, 7, 8);
    assertThat(ids.slice(1, 3), equalTo(TokenIds.of(6, 7)));
    assertThat(ids.slice(1, 3).hashCode(), equalTo(TokenIds.of(6, 7).hashCode()));
    assertThat(ids.slice(1, 3).max(), equalTo(7));
    assertThrows(IndexOutOfBoundsException.class, () -> ids.slice(1, 3).get(2));
    assertThrows(IllegalArgumentException.class, () -> TokenIds.of(1, -1));
  }

  @Test
  void documentEndsAndContentComeFromThePieces() {
    PackedSequence sequence =
        new PackedSequence(
            KEY,
            "0/0",
            TokenIds.of(1, 2, 3, 4, 5, 0),
            List.of(
                new Piece("a", 2, false, true, 0),
                new Piece("a", 1, true, true, 3),
                new Piece("b", 2, true, false, 9)),
            OptionalInt.empty());
    assertThat(sequence.documentEnds(), equalTo(new int[] {2, 3}));
    assertThat(sequence.contentLength(), equalTo(5));
  }

  @Test
  void piecesMustFitTheirSequence() {
    List<Piece> pieces = List.of(new Piece("a", 2, true, true, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PackedSequence(KEY, "0/0", TokenIds.of(1), pieces, OptionalInt.empty()));
  }

  @Test
  void nothingFollowsPadding() {
    List<Piece> pieces = List.of(new Piece("a", 1, true, true, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PackedSequence(KEY, "0/0", TokenIds.of(1, 0), pieces, OptionalInt.of(5)));
  }
}
