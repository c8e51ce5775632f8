package org.millrace.io.mds;

/** The beginning of a text that a file holds, for errors. */
final class Excerpt {

  private static final int LENGTH = 60;

  private Excerpt() {}

  static String of(String text) {
    return text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "...";
  }
}
