package org.millrace.transforms.tokenize;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.Progress;
import org.millrace.transforms.ledger.Tally;

/** Makes tokenized documents, and counts what becomes of the others. */
final class DocumentEncoder implements Closeable {

  private static final Counter DROPPED = Metrics.counter(Tokenize.class, "documentsDropped");
  private static final Counter BAD = Metrics.counter(Tokenize.class, "badRecords");
  private static final Counter TOKENS = Metrics.counter(Tokenize.class, "tokensWritten");
  private static final Distribution TOKENS_PER_DOCUMENT =
      Metrics.distribution(Tokenize.class, "tokensPerDocument");

  private final Tokenizer tokenizer;
  private final int bos;
  private final int eos;

  private DocumentEncoder(Tokenizer tokenizer, int bos, int eos) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.eos = eos;
  }

  /**
   * Opens a tokenizer.
   *
   * @param bos the id before each document, or {@link Tokenize#NONE}
   * @param eos the id after each document, or {@link Tokenize#NONE}
   */
  static DocumentEncoder open(TokenizerSpec spec, int bos, int eos) throws IOException {
    Tokenizer opened = spec.open();
    try {
      int size = opened.vocabularySize();
      checkArgument(bos < size, "bos must be in the vocabulary, 0..%s, was %s", size - 1, bos);
      checkArgument(eos < size, "eos must be in the vocabulary, 0..%s, was %s", size - 1, eos);
    } catch (IllegalArgumentException e) {
      // No runner tears down what was not set up.
      opened.close();
      throw e;
    }
    return new DocumentEncoder(opened, bos, eos);
  }

  /** The document in tokens; nothing where it has none, or is bad. */
  Optional<TokenizedDocument> encode(Document document, Tally tally, Consumer<BadRecord> bad) {
    TokenIds ids;
    try {
      ids = isBlank(document.text()) ? TokenIds.of() : tokenizer.encode(document.text());
    } catch (UntokenizableTextException e) {
      bad.accept(badRecord(document, e));
      document.tallyTo(tally, Tokenize.STEP, Ledger.BAD);
      BAD.inc();
      Progress.BAD_RECORDS.add(1);
      return Optional.empty();
    }
    if (ids.isEmpty()) {
      document.tallyTo(tally, Tokenize.STEP, Tokenize.EMPTY);
      DROPPED.inc();
      return Optional.empty();
    }
    TokenizedDocument tokenized =
        new TokenizedDocument(
            document.position(), document.id(), document.source(), document.bytes(), framed(ids));
    count(tokenized, tally);
    return Optional.of(tokenized);
  }

  private static void count(TokenizedDocument tokenized, Tally tally) {
    tokenized.tallyTo(tally, Tokenize.STEP, Ledger.TOKENIZED);
    int tokens = tokenized.tokens().length();
    TOKENS.inc(tokens);
    TOKENS_PER_DOCUMENT.update(tokens);
    Progress.TOKENIZED_DOCUMENTS.add(1);
    Progress.TEXT_BYTES.add(tokenized.bytes());
    Progress.TOKENS.add(tokens);
  }

  /** White space of every kind, the kinds that do not break included. */
  private static boolean isBlank(String text) {
    return text.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }

  private TokenIds framed(TokenIds ids) {
    if (bos == Tokenize.NONE && eos == Tokenize.NONE) {
      return ids;
    }
    int start = bos == Tokenize.NONE ? 0 : 1;
    int[] framed = new int[start + ids.length() + (eos == Tokenize.NONE ? 0 : 1)];
    ids.copyTo(framed, start);
    if (bos != Tokenize.NONE) {
      framed[0] = bos;
    }
    if (eos != Tokenize.NONE) {
      framed[framed.length - 1] = eos;
    }
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
