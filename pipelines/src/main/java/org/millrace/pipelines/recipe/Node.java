package org.millrace.pipelines.recipe;

import java.util.LinkedHashMap;
import java.util.List;

/** A part of a recipe as it was written, before it is known what it means. */
sealed interface Node {

  Mark mark();

  /** What it is, in words for an error message. */
  String found();

  /** How a scalar was written. */
  enum Kind {
    TEXT,
    INTEGER,
    NUMBER,
    BOOLEAN,
    NULL,
    /** Nothing at all behind the colon. */
    EMPTY
  }

  /** A single value. */
  record Scalar(Mark mark, Kind kind, String text) implements Node {
    @Override
    public String found() {
      return switch (kind) {
        case TEXT -> "the text \"" + text + '"';
        case INTEGER, NUMBER, BOOLEAN -> text;
        case NULL -> "null";
        case EMPTY -> "nothing";
      };
    }
  }

  /** Values in brackets, or behind dashes. */
  record Items(Mark mark, List<Node> items) implements Node {
    @Override
    public String found() {
      return "a list of " + items.size();
    }
  }

  /** Keys with values, in the order in which they were written. */
  record Section(Mark mark, LinkedHashMap<String, Entry> entries) implements Node {
    @Override
    public String found() {
      return "a section with " + (entries.isEmpty() ? "no keys" : "the keys " + entries.keySet());
    }
  }

  /**
   * A value and where its key stands.
   *
   * @param mark the key's place
   */
  record Entry(Mark mark, Node value) {}
}
