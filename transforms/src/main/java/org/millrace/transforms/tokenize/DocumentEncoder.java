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
  private final Optional<TextChunks> chunks;

  private DocumentEncoder(
      Tokenizer tokenizer, OptionalInt bos, OptionalInt eos, Optional<TextChunks> chunks) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.eos = eos;
    this.chunks = chunks;
  }

  /**
   * What became of a document: at most one of both is there.
   *
   * @param tokens its tokens, at least one
   * @param bad what is wrong with it
   */
  public record Result(Optional<TokenizedDocument> tokens, Optional<BadRecord> bad) {}

  static DocumentEncoder open(EncoderSettings settings) throws IOException {
    Tokenizer opened = settings.tokenizer().open();
    try {
      check("bos", settings.bos(), opened.vocabularySize());
      check("eos", settings.eos(), opened.vocabularySize());
      OptionalInt chunk = settings.chunk();
      return new DocumentEncoder(
          opened,
          settings.bos(),
          settings.eos(),
          chunk.isPresent() ? Optional.of(new TextChunks(chunk.getAsInt())) : Optional.empty());
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
      ids = isBlank(document.text()) ? TokenIds.of() : idsOf(document.text());
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

  private TokenIds idsOf(String text) {
    return chunks.isPresent()
        ? chunks.get().encode(text, tokenizer::encode)
        : tokenizer.encode(text);
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
