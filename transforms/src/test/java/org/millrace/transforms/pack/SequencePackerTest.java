package org.millrace.transforms.pack;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class SequencePackerTest {

  private record Packed(TokenIds tokens, List<Piece> pieces, OptionalInt nextToken) {}

  private final List<Packed> full = new ArrayList<>();
  private final List<Packed> left = new ArrayList<>();

  private static TokenizedDocument document(String source, long bytes, int... ids) {
    return new TokenizedDocument(new OrderKey(0, 0), "id", source, bytes, TokenIds.of(ids));
  }

  private void pack(int length, List<TokenizedDocument> documents) {
    SequencePacker packer = new SequencePacker(length);
    SequencePacker.Output fill = (t, p, next) -> full.add(new Packed(t, p, next));
    documents.forEach(d -> packer.add(d, fill));
    packer.finish(fill, (t, p, next) -> left.add(new Packed(t, p, next)));
  }

  @Test
  void cutsTheStreamAndKeepsWhereDocumentsBeginAndEnd() {
    pack(
        3, List.of(document("a", 10, 1, 2), document("b", 20, 3, 4, 5, 6, 7), document("c", 5, 8)));

    assertThat(
        full,
        contains(
            new Packed(
                TokenIds.of(1, 2, 3),
                List.of(new Piece("a", 2, true, true, 10), new Piece("b", 1, true, false, 20)),
                OptionalInt.of(4)),
            new Packed(
                TokenIds.of(4, 5, 6),
                List.of(new Piece("b", 3, false, false, 0)),
                OptionalInt.of(7))));
    assertThat(
        left,
        contains(
            new Packed(
                TokenIds.of(7, 8),
                List.of(new Piece("b", 1, false, true, 0), new Piece("c", 1, true, true, 5)),
                OptionalInt.empty())));
  }

  @Test
  void leavesNothingWhenAllFits() {
    pack(2, List.of(document("a", 1, 1, 2), document("a", 1, 3, 4)));
    assertThat(full.size(), equalTo(2));
    assertThat(full.get(0).nextToken, equalTo(OptionalInt.of(3)));
    assertThat(full.get(1).nextToken, equalTo(OptionalInt.empty()));
    assertThat(left, empty());
  }

  @Test
  void everyTokenGoesOutOnceInOrder() {
    for (int seed = 0; seed < 100; seed++) {
      full.clear();
      left.clear();
      SplittableRandom random = new SplittableRandom(seed);
      int length = 1 + random.nextInt(20);
      List<TokenizedDocument> documents = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < random.nextInt(50); i++) {
        int size = 1 + random.nextInt(60);
        documents.add(document("s" + i, size, IntStream.range(next, next + size).toArray()));
        next += size;
      }

      pack(length, documents);

      List<Packed> all = new ArrayList<>(full);
      all.addAll(left);
      int[] tokens = all.stream().flatMapToInt(p -> IntStream.of(p.tokens.toArray())).toArray();
      assertThat("seed " + seed, tokens, equalTo(IntStream.range(0, next).toArray()));
      assertThat(
          all.stream().flatMap(p -> p.pieces.stream()).mapToLong(Piece::bytes).sum(),
          equalTo((long) next));
      assertThat(
          all.stream().flatMap(p -> p.pieces.stream()).filter(Piece::starts).count(),
          equalTo((long) documents.size()));
      assertThat(
          all.stream().flatMap(p -> p.pieces.stream()).filter(Piece::ends).count(),
          equalTo((long) documents.size()));
      for (int i = 0; i + 1 < all.size(); i++) {
        int follows = all.get(i + 1).tokens.get(0);
        assertThat("seed " + seed, all.get(i).nextToken, equalTo(OptionalInt.of(follows)));
      }
      full.forEach(p -> assertThat(p.tokens.length(), equalTo(length)));
      left.forEach(p -> assertThat(p.tokens.length(), lessThan(length)));
    }
  }

  /**
   * The example of Cerebras' packing, of rows that share one id with the next: inputs and labels
   * are windows of length + 1.
   */
  @Test
  void neighboursShareOneIdAsCerebrasPacksThem() {
    pack(
        4,
        List.of(
            document("a", 7, 1, 263, 7340, 289, 1327, 2),
            document("a", 1, 1, 274, 2),
            document("a", 13, 1, 270, 321, 285, 330, 298, 474, 432, 2)));

    List<TokenIds> windows = new ArrayList<>();
    for (Packed row : full) {
      int[] window = java.util.Arrays.copyOf(row.tokens().toArray(), 5);
      window[4] = row.nextToken().orElseThrow();
      windows.add(TokenIds.wrap(window));
    }
    assertThat(
        windows,
        contains(
            TokenIds.of(1, 263, 7340, 289, 1327),
            TokenIds.of(1327, 2, 1, 274, 2),
            TokenIds.of(2, 1, 270, 321, 285),
            TokenIds.of(285, 330, 298, 474, 432)));
    assertThat(left.get(0).tokens(), org.hamcrest.Matchers.equalTo(TokenIds.of(432, 2)));
  }
}
