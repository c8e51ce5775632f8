package org.millrace.transforms.tokenize;

/**
 * How numbers are cut before the tokenizer's own pre-tokenizer sees them. The vocabulary and all
 * ids stay what they are; tokens of two and more digits are merely not reached any more.
 *
 * <ul>
 *   <li>{@code NONE}: not at all;
 *   <li>{@code ISOLATED}: each numeric character alone, as the pre-tokenizer {@code Digits} with
 *       {@code individual_digits} does;
 *   <li>{@code ATTACH_SPACE}: each ASCII digit with at most one blank before it, as the
 *       pre-tokenizer {@code Split} on {@code " ?[0-9]"}, isolated, does.
 * </ul>
 *
 * <p>The cut comes first in a sequence with the tokenizer's own pre-tokenizer.
 */
public enum SplitDigits {
  NONE,
  ISOLATED,
  ATTACH_SPACE
}
