package org.millrace.transforms.tokenize.bpe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps and scanners of a tokenizer that writes U+2581 for each blank, turned around to write a
 * blank for each U+2581.
 *
 * <p>Once blanks are replaced, no blank is left in a text, so the one character can stand for the
 * other from there on, also in the vocabulary: texts and words are a third as long where they are
 * blank, and most texts are not rewritten at all. It takes that nothing behind the replacement sees
 * a difference: only steps that prepend, scanners that ask for neither character or for the mark,
 * and added tokens that take no white space in.
 */
record BlankForm(
    List<TextStep> normalization,
    List<TextStep> preparation,
    List<PieceScanner> scanners,
    Optional<Prepend> beginning) {

  static final int MARK_CHARACTER = 0x2581;
  static final String MARK = Character.toString(MARK_CHARACTER);
  static final String BLANK = " ";

  /** The form of these, or null where there is none. */
  static BlankForm of(List<TextStep> normalization, SplitReader split, boolean stripsNormalized) {
    List<TextStep> first = new ArrayList<>();
    int found = turn(normalization, first, 0);
    if (found == 1 && stripsNormalized) {
      return null;
    }
    List<TextStep> second = new ArrayList<>();
    found = turn(split.preparation(), second, found);
    List<PieceScanner> cutters = new ArrayList<>();
    for (PieceScanner scanner : split.scanners()) {
      boolean meetsBlanks = cutters.size() < split.cutsBeforeMarks();
      if (scanner instanceof FlagScanner) {
        cutters.add(scanner);
      } else if (scanner instanceof BlankDigitScanner && meetsBlanks) {
        cutters.add(scanner);
        second.add(0, new MarkRefusal());
      } else if (scanner instanceof BlankDigitScanner) {
        cutters.add(new BlankDigitScanner(false));
      } else if (scanner instanceof MarkScanner marks && marks.cutsAt(MARK)) {
        cutters.add(new MarkScanner(BLANK));
      } else if (!(scanner instanceof BlankEndScanner) || meetsBlanks) {
        return null; // A cut at blanks finds none behind the replacement.
      }
    }
    return found == 1
        ? new BlankForm(first, second, cutters, split.beginning().map(it -> it.with(BLANK)))
        : null;
  }

  /** Returns 1 where the replacement was met, 0 where it is still to come, else more. */
  private static int turn(List<TextStep> steps, List<TextStep> turned, int before) {
    int found = before;
    for (TextStep step : steps) {
      if (step instanceof Replace replace && replace.puts(BLANK, MARK)) {
        found++;
        turned.add(new Replace(MARK, BLANK));
      } else if (found == 0) {
        turned.add(step);
      } else if (step instanceof Prepend prepend && prepend.puts(MARK)) {
        turned.add(prepend.with(BLANK));
      } else {
        found = Integer.MAX_VALUE / 2;
      }
    }
    return found;
  }

  /** A token of the vocabulary in this form, or null where no text becomes it. */
  static String token(String token) {
    return token.contains(BLANK) ? null : token.replace(MARK, BLANK);
  }
}
