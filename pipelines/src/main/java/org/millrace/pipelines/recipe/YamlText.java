package org.millrace.pipelines.recipe;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a recipe as YAML with a comment on every key. */
final class YamlText {

  private static final int WIDTH = 100;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

  /** What YAML 1.1 and 1.2 do not take for text (yaml.org/type: bool, null). */
  private static final Set<String> NOT_TEXT =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private final StringBuilder text = new StringBuilder();

  /** The YAML of a recipe's head and its settings. */
  static String of(Recipe<?> recipe) {
    YamlText yaml = new YamlText();
    yaml.line(0, "pipeline: " + scalar(recipe.pipeline()));
    if (!recipe.description().isEmpty()) {
      yaml.line(0, "description: " + scalar(recipe.description()));
    }
    yaml.keys(recipe.settings(), "");
    if (!recipe.defaults().equals(RecipeDefaults.NONE)) {
      yaml.line(0, "");
      yaml.comment(0, "What a run uses where its command line does not say.");
      yaml.line(0, "defaults:");
      yaml.keys(recipe.defaults(), "  ");
    }
    return yaml.text.toString();
  }

  private void keys(Record section, String indent) {
    for (Key key : Key.of(section.getClass())) {
      Object value = SettingValues.component(key, section);
      if (value instanceof Optional<?> optional) {
        value = optional.isPresent() ? optional.get() : null;
      }
      if (indent.isEmpty()) {
        line(0, "");
      }
      comment(indent.length(), describe(key, value == null));
      if (key.isSection() && value instanceof List<?> sections) {
        line(indent.length(), key.name() + ":");
        sections.forEach(each -> item((Record) each, indent + "  "));
      } else if (key.isSection() && value != null) {
        line(indent.length(), key.name() + ":");
        keys((Record) value, indent + "  ");
      } else {
        line(indent.length(), key.name() + ": " + plain(SettingValues.plain(value)));
      }
    }
  }

  /** A section of a list, without comments: the list has them. */
  private void item(Record section, String indent) {
    String bullet = "- ";
    for (Key key : Key.of(section.getClass())) {
      Object value = SettingValues.plain(SettingValues.component(key, section));
      if (value != null) {
        line(indent.length(), bullet + key.name() + ": " + plain(value));
        bullet = "  ";
      }
    }
  }

  private static String describe(Key key, boolean off) {
    if (!key.isSection()) {
      String standard = key.setting().defaultsTo();
      String tail = standard.isEmpty() ? "" : "; default " + standard;
      return key.setting().doc() + " (" + key.allowed() + tail + ")";
    }
    String keys = Key.of(key.type()).stream().map(Key::name).collect(Collectors.joining(", "));
    if (key.list()) {
      return key.setting().doc()
          + Key.of(key.type()).stream()
              .map(each -> " " + each.name() + ": " + describe(each, false))
              .collect(Collectors.joining());
    }
    return key.setting().doc()
        + (off ? " Off; {" + needed(key) + "} turns it on. Its keys: " + keys + "." : "")
        + (key.optional() && !off ? " Null turns it off." : "");
  }

  /** The keys that a section cannot do without. */
  private static String needed(Key section) {
    return Key.of(section.type()).stream()
        .filter(key -> !key.isSection() && !key.optional())
        .filter(key -> key.setting().defaultsTo().isEmpty())
        .map(key -> key.name() + ": ...")
        .collect(Collectors.joining(", "));
  }

  private static String plain(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(YamlText::plain).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> section) {
      return section.entrySet().stream()
          .filter(entry -> entry.getValue() != null)
          .map(entry -> entry.getKey() + ": " + plain(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    return value instanceof String string ? scalar(string) : String.valueOf(value);
  }

  /** A text in quotes unless no reader could take it for anything else. */
  private static String scalar(String string) {
    boolean plain =
        PLAIN.matcher(string).matches()
            && !NOT_TEXT.contains(string.toLowerCase(java.util.Locale.ROOT));
    return plain
        ? string
        : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(string)) + '"';
  }

  private void comment(int indent, String sentence) {
    int room = WIDTH - indent - 2;
    StringBuilder current = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (current.length() > 0 && current.length() + 1 + word.length() > room) {
        line(indent, "# " + current);
        current.setLength(0);
      }
      current.append(current.length() == 0 ? "" : " ").append(word);
    }
    line(indent, "# " + current);
  }

  private void line(int indent, String content) {
    text.append(" ".repeat(content.isEmpty() ? 0 : indent)).append(content).append('\n');
  }
}
