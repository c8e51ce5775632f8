package org.millrace.io.stored;

/**
 * Something that is wrong with a dataset.
 *
 * @param file where: a path relative to the manifest
 * @param problem what: with the offset in the file where there is one, what was expected and what
 *     was found
 */
public record Finding(String file, String problem) {

  /** Something that is not what it should be. */
  public static Finding of(String file, String what, Object expected, Object got) {
    return new Finding(file, what + ": expected " + expected + ", got " + got);
  }

  /** Something at a place in the file that is not what it should be. */
  public static Finding at(String file, long offset, String what, Object expected, Object got) {
    return of(file, "offset " + offset + ": " + what, expected, got);
  }

  @Override
  public String toString() {
    return file + ": " + problem;
  }
}
