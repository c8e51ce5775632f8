package org.millrace.transforms.data;

import java.io.Serializable;
import org.millrace.transforms.ledger.Tally;

/**
 * An element of a dataset that can be told from every other, put in order, and accounted for: a
 * document, or a sequence that is made of documents.
 */
public interface Traceable extends Serializable {

  /** An id that is unique in the dataset and comes from the data alone. */
  String id();

  /** The element's place when nothing is shuffled. */
  OrderKey position();

  /**
   * Adds what this element holds (documents, bytes of text, tokens, for each source) to a tally.
   */
  void tallyTo(Tally tally, String step, String reason);
}
