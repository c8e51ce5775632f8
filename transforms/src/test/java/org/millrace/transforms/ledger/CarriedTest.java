package org.millrace.transforms.ledger;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

class CarriedTest {

  private static final TokenizedDocument DOCUMENT =
      new TokenizedDocument(new OrderKey(3, 4), "a:4", "a", 9, TokenIds.of(1, 2));

  private static final List<Carried<TokenizedDocument>> ALL =
      List.of(
          Carried.of(DOCUMENT),
          Carried.note(new Note.Entry(new LedgerEntry("a", "read", Ledger.READ, 1, 9, 0))),
          Carried.note(
              new Note.Bad(new BadRecord(new OrderKey(1, 2), "a:2", "a", "read", "E", "m", "r"))),
          Carried.note(new Note.Fact("9 1 a b.jsonl")));

  @Test
  void isCodedAndDecoded() throws Exception {
    Coder<Carried<TokenizedDocument>> coder =
        Carried.CarriedCoder.of(TokenizedDocument.TokenizedDocumentCoder.of());

    for (Carried<TokenizedDocument> carried : ALL) {
      CoderProperties.coderDecodeEncodeEqual(coder, carried);
    }
    coder.verifyDeterministic();
  }

  @Test
  void anElementIsFoundAndCountedAsItself() {
    Tally tally = new Tally();
    ALL.forEach(carried -> carried.tallyTo(tally, "s", "r"));

    assertThat(ALL.get(0).id(), equalTo(DOCUMENT.id()));
    assertThat(ALL.get(0).position(), equalTo(DOCUMENT.position()));
    assertThat(tally.entries(), equalTo(List.of(new LedgerEntry("a", "s", "r", 1, 9, 2))));
  }

  @Test
  void isEitherAnElementOrANote() {
    assertThat(
        ALL.stream().map(Carried::isElement).toList(), is(List.of(true, false, false, false)));
    assertThrows(IllegalStateException.class, () -> ALL.get(0).note());
    assertThrows(IllegalStateException.class, () -> ALL.get(1).element());
  }
}
