package org.millrace.io.npy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an npy header: a dict as Python would write it, with each of three keys once, in any
 * order.
 *
 * <pre>
 * Dict  --> "{", Entry, (",", Entry)^2, [","], "}"        blanks anywhere between
 * Entry --> Quote, "descr", Quote, ":", Quote, Text, Quote
 *         | Quote, "fortran_order", Quote, ":", ("True" | "False")
 *         | Quote, "shape", Quote, ":", "(", numbers with commas, ")"
 * </pre>
 *
 * @param descr the type of the elements
 * @param fortranOrder whether the first index moves fastest
 * @param shape what stands between the parentheses
 */
record NpyDict(String descr, boolean fortranOrder, String shape) {

  private static final Pattern ENTRY =
      Pattern.compile(
          """
          \\s* (['"])
          (?: descr \\1 \\s*:\\s* (['"]) (?<descr> [^'"]{1,32}) \\2
            | fortran_order \\1 \\s*:\\s* (?<order> True | False)
            | shape \\1 \\s*:\\s* \\( (?<shape> [0-9,\\ ]*) \\)
          ) \\s*
          """,
          Pattern.COMMENTS);

  private static final int ENTRIES = 3;

  /** Reads the text; empty when it is no such dict. */
  static Optional<NpyDict> parse(String text) {
    String dict = text.strip();
    if (!dict.startsWith("{") || !dict.endsWith("}")) {
      return Optional.empty();
    }
    String[] values = new String[ENTRIES];
    Matcher entry = ENTRY.matcher(dict);
    int at = 1;
    int end = dict.length() - 1;
    for (int i = 0; i < ENTRIES; i++) {
      boolean joined = i == 0 || (at < end && dict.charAt(at++) == ',');
      if (!joined || !entry.region(at, end).lookingAt() || !putNew(values, entry)) {
        return Optional.empty();
      }
      at = entry.end();
    }
    String rest = dict.substring(at, end).strip();
    return rest.isEmpty() || rest.equals(",")
        ? Optional.of(new NpyDict(values[0], values[1].equals("True"), values[2]))
        : Optional.empty();
  }

  private static boolean putNew(String[] values, Matcher entry) {
    String[] found = {entry.group("descr"), entry.group("order"), entry.group("shape")};
    int key = found[0] != null ? 0 : found[1] != null ? 1 : 2;
    boolean isNew = values[key] == null;
    values[key] = found[key];
    return isNew;
  }
}
