package org.millrace.pipelines.recipe;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.millrace.pipelines.recipe.Node.Entry;
import org.millrace.pipelines.recipe.Node.Items;
import org.millrace.pipelines.recipe.Node.Kind;
import org.millrace.pipelines.recipe.Node.Scalar;
import org.millrace.pipelines.recipe.Node.Section;

/**
 * Reads one YAML document to a tree that knows its lines. Duplicate keys, tags, aliases and a
 * second document are errors: none of them says anything that plain keys and values do not.
 */
final class YamlTree {

  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          // Else yes, no, on and off are booleans, which they are in YAML 1.1 alone.
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .build();

  private final YAMLParser parser;
  private final Mark start;

  private YamlTree(YAMLParser parser, Mark start) {
    this.parser = parser;
    this.start = start;
  }

  /**
   * The tree of a text.
   *
   * @param start the place of the text's first line
   * @throws RecipeException when it is no such document
   */
  static Node parse(String yaml, Mark start) {
    try (YAMLParser parser = YAML.createParser(yaml)) {
      YamlTree tree = new YamlTree(parser, start);
      if (parser.nextToken() == null) {
        return new Scalar(start, Kind.EMPTY, "");
      }
      Node root = tree.node();
      if (parser.nextToken() != null) {
        throw new RecipeException(tree.mark(), "a second document begins; only one is allowed");
      }
      return root;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      Mark mark = at == null || start.isOverride() ? start : line(start, at.getLineNr());
      throw new RecipeException(mark, "not valid YAML: " + firstLines(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory could not be read", e);
    }
  }

  private Node node() throws IOException {
    rejectExtras();
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> section();
      case START_ARRAY -> items();
      case VALUE_STRING -> scalar(Kind.TEXT);
      case VALUE_NUMBER_INT -> scalar(Kind.INTEGER);
      case VALUE_NUMBER_FLOAT -> scalar(Kind.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> scalar(Kind.BOOLEAN);
      case VALUE_NULL -> scalar(parser.getText().isEmpty() ? Kind.EMPTY : Kind.NULL);
      default -> throw new RecipeException(mark(), "unexpected " + token);
    };
  }

  private Scalar scalar(Kind kind) throws IOException {
    return new Scalar(mark(), kind, parser.getText());
  }

  private Items items() throws IOException {
    Mark mark = mark();
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node());
    }
    return new Items(mark, items);
  }

  private Section section() throws IOException {
    Mark mark = mark();
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      rejectExtras();
      Mark keyMark = mark();
      String key = parser.currentName();
      parser.nextToken();
      Entry former = entries.put(key, new Entry(keyMark, node()));
      if (former != null) {
        throw new RecipeException(
            keyMark, "the key " + key + " is given twice; it stands at " + former.mark() + " too");
      }
    }
    return new Section(mark, entries);
  }

  private void rejectExtras() throws IOException {
    if (parser.isCurrentAlias()) {
      throw new RecipeException(mark(), "an alias (*name) is not allowed; write the value");
    }
    if (parser.getTypeId() != null) {
      throw new RecipeException(mark(), "a tag (!name) is not allowed");
    }
  }

  private Mark mark() {
    return line(start, parser.currentTokenLocation().getLineNr());
  }

  private static Mark line(Mark start, int line) {
    return start.isOverride() ? start : new Mark(start.source(), start.line() + line - 1);
  }

  /** The parser's message without the excerpt of the text that follows it. */
  private static String firstLines(String message) {
    return message.lines().limit(2).reduce((a, b) -> a + "; " + b.strip()).orElse("");
  }
}
