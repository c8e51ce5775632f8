package org.millrace.transforms.fim;

/** What is counted of fill-in-the-middle. */
public enum FimCount {
  /** Texts between end-of-text tokens, empty ones included. */
  SEGMENTS,
  /** Texts without a token. */
  TOO_SHORT,
  /** Texts that held a sentinel before; nothing is drawn for them. */
  HOLDING_SENTINELS,
  /** Texts that were to be permuted. */
  DRAWN,
  /** Of those drawn, the ones left alone because their ids are not valid text. */
  UNDECODABLE,
  /** Texts permuted with the prefix first. */
  PSM,
  /** Texts permuted with the suffix first. */
  SPM,
  /**
   * Of the permuted, those that the end of a row cut a part off; of whole documents, those that
   * packing split, so that their other part is in another row.
   */
  TRUNCATED,
  /** Of the permuted, those of which nothing is left before the end of a row. */
  CUT_AWAY,
  /** Tokens that were added: sentinels, and what encoding parts of texts anew made more. */
  TOKENS_ADDED,
  /** Tokens that encoding parts of texts anew made less. */
  TOKENS_MERGED,
  /** Tokens behind the end of a row. */
  TOKENS_CUT,
  /** Rows that got shorter than they were, and are padded. */
  ROWS_PADDED
}
