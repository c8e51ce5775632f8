package org.millrace.transforms.fim;

/**
 * How a text is written that has its suffix first.
 *
 * @see <a href="https://arxiv.org/abs/2207.14255">Bavarian et al.: Efficient training of language
 *     models to fill in the middle</a>, 2022, appendix D, "SPM variant 1" and "SPM variant 2"
 */
public enum SpmVariant {
  /** SUF suffix PRE prefix MID middle. */
  VARIANT_1,
  /**
   * PRE SUF suffix MID prefix middle: what the paper, SantaCoder, StarCoder and CrystalCoder use.
   */
  VARIANT_2
}
