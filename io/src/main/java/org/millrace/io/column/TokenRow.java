package org.millrace.io.column;

import java.util.Optional;
import org.millrace.transforms.data.AnnotatedSequence;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.data.TopKLogits;

/** A sample as the formats of token files see it. */
public interface TokenRow {

  /** Names the sample in an error. */
  String id();

  /** The token ids, padding included. */
  TokenIds tokens();

  /**
   * For each token the id that a model is to predict there: the next token. The last one predicts
   * what follows the sample; where nothing does, it is the last token again, and masked.
   */
  TokenIds labels();

  /** For each token 1 where its label is one to learn from, else 0. */
  TokenIds mask();

  /** How many tokens come from documents; those after them are padding. */
  int contentLength();

  /** The places, just behind a document's last token, where documents end. */
  int[] documentEnds();

  /**
   * How many documents end with this sample, when a sample is a part of a document. Each beyond the
   * first is one without any token.
   */
  default int documentsEnded() {
    return 1;
  }

  /**
   * How many documents without any token come before this sample; 0 but for the first sample of a
   * file.
   */
  default int documentsBefore() {
    return 0;
  }

  /** What a teacher expects behind tokens, where one was asked. */
  default Optional<TopKLogits> targets() {
    return Optional.empty();
  }

  /** A packed sequence. */
  static TokenRow of(PackedSequence sequence) {
    return new SequenceRow(sequence);
  }

  /** A packed sequence with a teacher's targets. */
  static TokenRow of(AnnotatedSequence annotated) {
    return new AnnotatedRow(new SequenceRow(annotated.sequence()), annotated.targets());
  }

  /** A document, that ends at its end, with nothing to predict there. */
  static TokenRow of(TokenizedDocument document) {
    return new DocumentRow(document);
  }
}
