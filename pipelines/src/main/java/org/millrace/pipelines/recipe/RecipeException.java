package org.millrace.pipelines.recipe;

import java.util.List;

/**
 * Says what is wrong with a recipe: all that was found at once, each with its place (file and line,
 * or the override), the key, what was found and what is allowed.
 */
public final class RecipeException extends IllegalArgumentException {

  private final transient List<String> problems;

  RecipeException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  RecipeException(Mark mark, String problem) {
    this(List.of(mark + ": " + problem));
  }

  /** The problems, one sentence or two each. */
  public List<String> problems() {
    return problems;
  }
}
