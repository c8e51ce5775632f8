package org.millrace.io.column;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class TokenRowTest {

  private static final OrderKey KEY = new OrderKey(0, 0);

  private static TokenRow sequence(OptionalInt next, int content, int... ids) {
    return TokenRow.of(
        new PackedSequence(
            KEY,
            "0/0",
            TokenIds.of(ids),
            List.of(new Piece("s", 1, false, true, 0), new Piece("s", content - 1, true, false, 9)),
            next));
  }

  /** The rows of an example with a sequence length of 4: neighbours share one token. */
  @Test
  void theLastLabelIsTheTokenThatFollows() {
    TokenRow row = sequence(OptionalInt.of(1327), 4, 1, 263, 7340, 289);

    assertThat(row.labels(), is(TokenIds.of(263, 7340, 289, 1327)));
    assertThat(row.mask(), is(TokenIds.of(1, 1, 1, 1)));
    assertThat(row.documentEnds(), is(new int[] {1}));
  }

  @Test
  void whereNothingFollowsTheLastLabelIsMasked() {
    TokenRow row = sequence(OptionalInt.empty(), 3, 5, 6, 7);

    assertThat(row.labels(), is(TokenIds.of(6, 7, 7)));
    assertThat(row.mask(), is(TokenIds.of(1, 1, 0)));
  }

  @Test
  void paddingIsNothingToLearn() {
    TokenRow row = sequence(OptionalInt.empty(), 2, 5, 6, 0, 0);

    assertThat(row.labels(), is(TokenIds.of(6, 0, 0, 0)));
    assertThat(row.mask(), is(TokenIds.of(1, 0, 0, 0)));
    assertThat(row.contentLength(), is(2));
  }

  @Test
  void aDocumentEndsAtItsEnd() {
    TokenRow row = TokenRow.of(new TokenizedDocument(KEY, "a:1", "s", 9, TokenIds.of(3, 4, 5)));

    assertThat(row.labels(), is(TokenIds.of(4, 5, 5)));
    assertThat(row.mask(), is(TokenIds.of(1, 1, 0)));
    assertThat(row.documentEnds(), is(new int[] {3}));
    assertThat(row.documentsEnded(), is(1));
  }

  @Test
  void nothingHasNoLabels() {
    TokenRow row = TokenRow.of(new TokenizedDocument(KEY, "a:1", "s", 0, TokenIds.of()));

    assertThat(row.labels(), is(TokenIds.of()));
    assertThat(row.mask(), is(TokenIds.of()));
  }
}
