package org.millrace.transforms.fim;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.sameInstance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.PackedSequence.Piece;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Tally;

class SequencePermuterTest {

  private static final int BOS = 1;
  private static final int EOS = 2;
  private static final int PRE = 100;
  private static final int MID = 101;
  private static final int SUF = 102;
  private static final int PAD = 103;
  private static final FimTokens SENTINELS = new FimTokens(PRE, MID, SUF, PAD);

  /** All of a text is its middle, but for the first token. */
  private static final FimSpans BEHIND_FIRST =
      (text, random) ->
          Optional.of(new FimParts(text.slice(0, 1), text.slice(1, text.length()), TokenIds.of()));

  private final FimCounts.Counter counter = new FimCounts.Counter();
  private final Tally tally = new Tally();

  private static PackedSequence sequence(OptionalInt next, List<Piece> pieces, int... ids) {
    return new PackedSequence(new OrderKey(1, 2), "0/7", TokenIds.of(ids), pieces, next);
  }

  private static Piece piece(int tokens, boolean starts, boolean ends) {
    return new Piece("web", tokens, starts, ends, starts ? 40 : 0);
  }

  private PackedSequence permute(double rate, FimSpans spans, PackedSequence sequence) {
    FimPermuter permuter = new FimPermuter(SENTINELS, rate, 0, SpmVariant.VARIANT_2, spans);
    return new SequencePermuter(permuter, new FimFrame(BOS, EOS), PAD)
        .permute(sequence, StableHash.of("fim", 0).keyOf(sequence.id()), counter, tally);
  }

  /** The end of one document, a whole one, and the begin of a third. */
  private static PackedSequence threeTexts() {
    return sequence(
        OptionalInt.of(77),
        List.of(piece(4, false, true), piece(5, true, true), piece(3, true, false)),
        10,
        11,
        12,
        EOS,
        BOS,
        20,
        21,
        22,
        EOS,
        BOS,
        30,
        31);
  }

  @Test
  void permutesEachTextBetweenBeginAndEndAndCutsWhatIsTooMuch() {
    PackedSequence permuted = permute(1, BEHIND_FIRST, threeTexts());

    assertThat(
        permuted.tokens(),
        equalTo(TokenIds.of(PRE, 10, SUF, MID, 11, 12, EOS, BOS, PRE, 20, SUF, MID)));
    assertThat(permuted.nextToken(), equalTo(OptionalInt.of(21)));
    assertThat(permuted.pieces(), equalTo(List.of(piece(7, false, true), piece(5, true, false))));
    assertThat(
        tally.entries(),
        equalTo(
            List.of(
                // The third document's begin is cut off with 6 of its tokens, the second's end.
                new LedgerEntry("web", "fim", "cut", 1, 40, 9),
                new LedgerEntry("web", "fim", Ledger.SENTINELS, 0, 0, 9))));
    FimCounts counts = counter.counts();
    assertThat(counts.get(FimCount.SEGMENTS), equalTo(3L));
    assertThat(counts.get(FimCount.PSM), equalTo(3L));
    assertThat(counts.get(FimCount.TRUNCATED), equalTo(1L));
    assertThat(counts.get(FimCount.CUT_AWAY), equalTo(1L));
    assertThat(counts.get(FimCount.TOKENS_ADDED), equalTo(9L));
    assertThat(counts.get(FimCount.TOKENS_CUT), equalTo(9L));
  }

  @Test
  void aSequenceWithoutAPermutedTextIsAsItWasWithTheTokenBehindIt() {
    PackedSequence sequence = threeTexts();

    assertThat(permute(0, BEHIND_FIRST, sequence), sameInstance(sequence));
    assertThat(tally.entries(), empty());
    assertThat(counter.counts().get(FimCount.SEGMENTS), equalTo(3L));
    assertThat(counter.counts().permuted(), equalTo(0L));
  }

  @Test
  void keepsEndTokensThatLeadOrStandTogetherAndMakesNoEmptyPattern() {
    PackedSequence permuted =
        permute(
            1,
            BEHIND_FIRST,
            sequence(
                OptionalInt.of(5),
                List.of(
                    piece(1, false, true),
                    piece(1, true, true),
                    piece(2, true, true),
                    piece(16, true, true)),
                EOS,
                EOS,
                BOS,
                EOS,
                30,
                31,
                32,
                33,
                34,
                35,
                36,
                37,
                38,
                39,
                40,
                41,
                42,
                43,
                44,
                EOS));

    assertThat(
        permuted.tokens(),
        equalTo(
            TokenIds.of(
                EOS, EOS, BOS, EOS, PRE, 30, SUF, MID, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
                42)));
    assertThat(counter.counts().get(FimCount.TOO_SHORT), equalTo(3L));
    assertThat(counter.counts().permuted(), equalTo(1L));
  }

  /** Between characters a text may get shorter than it was: here by four tokens. */
  private static FimSpans halved(int drop) {
    return (text, random) ->
        Optional.of(
            new FimParts(text.slice(0, 1), text.slice(1, text.length() - drop), TokenIds.of()));
  }

  @Test
  void padsWhatGotShorter() {
    PackedSequence sequence =
        sequence(
            OptionalInt.of(77), List.of(piece(8, true, true)), BOS, 10, 11, 12, 13, 14, 15, EOS);

    PackedSequence permuted = permute(1, halved(4), sequence);

    assertThat(permuted.tokens(), equalTo(TokenIds.of(BOS, PRE, 10, SUF, MID, 11, EOS, PAD)));
    assertThat(permuted.contentLength(), equalTo(7));
    assertThat(permuted.nextToken(), equalTo(OptionalInt.empty()));
    assertThat(
        tally.entries(),
        equalTo(
            List.of(
                new LedgerEntry("web", "fim", "merged", 0, 0, 4),
                new LedgerEntry("web", "fim", Ledger.SENTINELS, 0, 0, 3))));
    assertThat(counter.counts().get(FimCount.ROWS_PADDED), equalTo(1L));
  }

  @Test
  void whatFollowsASequenceOfTheSameLengthDependsOnItsLastText() {
    List<Piece> open = List.of(piece(6, false, false));
    List<Piece> closed = List.of(piece(6, false, true));

    assertThat(
        permute(1, halved(3), sequence(OptionalInt.of(77), closed, 10, 11, 12, 13, 14, EOS))
            .nextToken(),
        equalTo(OptionalInt.of(77)));
    assertThat(
        permute(1, halved(3), sequence(OptionalInt.of(EOS), open, 10, 11, 12, 13, 14, 15))
            .nextToken(),
        equalTo(OptionalInt.of(EOS)));
    assertThat(
        permute(1, halved(3), sequence(OptionalInt.of(77), open, 10, 11, 12, 13, 14, 15))
            .nextToken(),
        equalTo(OptionalInt.empty()));
  }

  @Test
  void growsIntoThePaddingAndKeepsItsToken() {
    PackedSequence permuted =
        permute(
            1,
            BEHIND_FIRST,
            sequence(OptionalInt.empty(), List.of(piece(3, true, true)), BOS, 10, EOS, 9, 9, 9, 9));

    assertThat(permuted.tokens(), equalTo(TokenIds.of(BOS, PRE, 10, SUF, MID, EOS, 9)));
    assertThat(permuted.pieces(), equalTo(List.of(piece(6, true, true))));
    assertThat(permuted.nextToken(), equalTo(OptionalInt.empty()));
    assertThat(counter.counts().get(FimCount.ROWS_PADDED), equalTo(0L));
  }

  /** Whatever is drawn: length, labels and the sum of tokens stay right. */
  @Test
  void accountsForEveryTokenForHundredSeeds() {
    for (int seed = 0; seed < 100; seed++) {
      StableHash hash = StableHash.of("fim", seed);
      PackedSequence sequence = threeTexts();
      FimPermuter permuter =
          new FimPermuter(SENTINELS, 0.5, 0.5, SpmVariant.VARIANT_1, FimSpans.ofTokens());
      Tally entries = new Tally();
      SegmentWalk walk =
          new SegmentWalk(permuter, new FimFrame(BOS, EOS), hash.keyOf("0/7"), 20, counter);
      walk.add(sequence.tokens().slice(0, 4));
      walk.add(sequence.tokens().slice(4, 9));
      walk.add(sequence.tokens().slice(9, 12));
      int[] whole = walk.ids().tokens().toArray();

      PackedSequence permuted =
          new SequencePermuter(permuter, new FimFrame(BOS, EOS), PAD)
              .permute(sequence, hash.keyOf("0/7"), counter, entries);

      assertThat(permuted.tokens().toArray(), equalTo(Arrays.copyOf(whole, 12)));
      assertThat(
          permuted.nextToken(),
          equalTo(whole.length > 12 ? OptionalInt.of(whole[12]) : OptionalInt.of(77)));
      List<LedgerEntry> ledger = new ArrayList<>(entries.entries());
      ledger.add(new LedgerEntry("web", "read", Ledger.READ, 2, 80, 0));
      ledger.add(new LedgerEntry("web", "tokenize", Ledger.TOKENIZED, 2, 80, 12));
      Tally written = new Tally();
      permuted.tallyTo(written, "write", Ledger.WRITTEN);
      ledger.addAll(written.entries());
      assertThat("seed " + seed, new Ledger(ledger).imbalances(), empty());
    }
  }
}
