package org.millrace.pipelines.recipe;

/**
 * A place in the text of a recipe.
 *
 * @param source the file's name, or an override as it was given
 * @param line from 1; 0 for an override
 */
record Mark(String source, int line) {

  static Mark override(String text) {
    return new Mark("--set=" + text, 0);
  }

  boolean isOverride() {
    return line == 0;
  }

  @Override
  public String toString() {
    return isOverride() ? source : source + ":" + line;
  }
}
