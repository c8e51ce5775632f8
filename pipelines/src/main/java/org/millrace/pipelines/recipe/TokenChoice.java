package org.millrace.pipelines.recipe;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;

/**
 * Which token a recipe wants: none, the one that the tokenizer itself names for the purpose, or one
 * by its text or id. In YAML: {@code none}, {@code auto}, a text, or an integer.
 *
 * @param kind how it is chosen
 * @param text of the token in the vocabulary; empty unless chosen by text
 * @param id of the token; 0 unless chosen by id
 */
public record TokenChoice(Kind kind, String text, int id) implements Serializable {

  /** How a token is chosen. */
  public enum Kind {
    NONE,
    AUTO,
    TEXT,
    ID
  }

  /** No token. */
  public static final TokenChoice NONE = new TokenChoice(Kind.NONE, "", 0);

  /** The tokenizer's own. */
  public static final TokenChoice AUTO = new TokenChoice(Kind.AUTO, "", 0);

  /** The token that a recipe's text means, which is not empty. */
  public static TokenChoice ofText(String text) {
    checkArgument(!text.isEmpty(), "a token's text must not be empty");
    return switch (text) {
      case "none" -> NONE;
      case "auto" -> AUTO;
      default -> new TokenChoice(Kind.TEXT, text, 0);
    };
  }

  /** The token with an id, 0 or more. */
  public static TokenChoice ofId(int id) {
    checkArgument(id >= 0, "a token's id must not be negative, was %s", id);
    return new TokenChoice(Kind.ID, "", id);
  }

  /** As a recipe says it. */
  @Override
  public String toString() {
    return switch (kind) {
      case NONE -> "none";
      case AUTO -> "auto";
      case TEXT -> text;
      case ID -> Integer.toString(id);
    };
  }
}
