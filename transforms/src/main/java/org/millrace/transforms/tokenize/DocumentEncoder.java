package org.millrace.transforms.tokenize;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.Tally;

/**
 * Turns documents into token ids one by one, with a token before and after each where that is asked
 * for; what {@link Tokenize} does to each element, for whoever has no pipeline at hand.
 *
 * <p>A text that is empty or only white space, or of which the tokenizer leaves nothing, is dropped
 * for the reason {@code empty}; a text that the tokenizer refuses is a bad record. The tally says
 * so.
 */
public final class DocumentEncoder implements AutoCloseable {

  private final Tokenizer tokenizer;
  private final OptionalInt bos;
  private final OptionalInt eos;

  private DocumentEncoder(Tokenizer tokenizer, OptionalInt bos, OptionalInt eos) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.eos = eos;
  }

  /**
   * What became of a document: at most one of both is there.
   *
   * @param tokens its tokens, at least one
   * @param bad what is wrong with it
   */
  public record Result(Optional<TokenizedDocument> tokens, Optional<BadRecord> bad) {}

  /**
   * Opens a tokenizer.
   *
   * @param bos the id to begin each document with
   * @param eos the id to end each document with
   * @throws IllegalArgumentException where one is not in the vocabulary
   */
  public static DocumentEncoder open(TokenizerSpec spec, OptionalInt bos, OptionalInt eos)
      throws IOException {
    Tokenizer opened = spec.open();
    try {
      check("bos", bos, opened.vocabularySize());
      check("eos", eos, opened.vocabularySize());
      return new DocumentEncoder(opened, bos, eos);
    } catch (IllegalArgumentException e) {
      opened.close();
      throw e;
    }
  }

  private static void check(String name, OptionalInt id, int size) {
    checkArgument(
        id.isEmpty() || id.getAsInt() < size,
        "%s must be in the vocabulary, 0..%s, was %s",
        name,
        size - 1,
        id.orElse(0));
  }

  /** Encodes a document, and counts what became of it. */
  public Result encode(Document document, Tally tally) {
    TokenIds ids;
    try {
      ids = isBlank(document.text()) ? TokenIds.of() : tokenizer.encode(document.text());
    } catch (UntokenizableTextException e) {
      document.tallyTo(tally, Tokenize.STEP, Ledger.BAD);
      Progress.BAD_RECORDS.add(1);
      return new Result(Optional.empty(), Optional.of(badRecord(document, e)));
    }
    if (ids.isEmpty()) {
      document.tallyTo(tally, Tokenize.STEP, Tokenize.EMPTY);
      return new Result(Optional.empty(), Optional.empty());
    }
    TokenizedDocument tokenized =
        new TokenizedDocument(
            document.position(), document.id(), document.source(), document.bytes(), framed(ids));
    tokenized.tallyTo(tally, Tokenize.STEP, Ledger.TOKENIZED);
    Progress.TOKENIZED_DOCUMENTS.add(1);
    Progress.TEXT_BYTES.add(tokenized.bytes());
    Progress.TOKENS.add(tokenized.tokens().length());
    return new Result(Optional.of(tokenized), Optional.empty());
  }

  /** White space of every kind, the kinds that do not break included. */
  private static boolean isBlank(String text) {
    return text.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }

  private TokenIds framed(TokenIds ids) {
    if (bos.isEmpty() && eos.isEmpty()) {
      return ids;
    }
    int start = bos.isEmpty() ? 0 : 1;
    int[] framed = new int[start + ids.length() + (eos.isEmpty() ? 0 : 1)];
    ids.copyTo(framed, start);
    bos.ifPresent(id -> framed[0] = id);
    eos.ifPresent(id -> framed[framed.length - 1] = id);
    return TokenIds.wrap(framed);
  }

  private static BadRecord badRecord(Document document, UntokenizableTextException e) {
    return new BadRecord(
        document.position(),
        document.id(),
        document.source(),
        Tokenize.STEP,
        e.getClass().getSimpleName(),
        e.getMessage(),
        BadRecord.excerpt(document.text()));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
