package org.millrace.io.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The options of the format that is written; each is asked for by name, and none is left over. */
final class FormatOptions {

  private final String format;
  private final SortedMap<String, String> left = new TreeMap<>();
  private final List<String> known = new ArrayList<>();

  /**
   * The options of a format.
   *
   * @param options by names as "mds.compression"
   */
  FormatOptions(String format, SortedMap<String, String> options) {
    this.format = format;
    options.forEach(
        (name, value) -> {
          if (!name.startsWith(format + ".")) {
            throw new IllegalArgumentException(
                "the option " + name + " is not one of the format " + format);
          }
          left.put(name.substring(format.length() + 1), value);
        });
  }

  /** The value of an option. */
  String text(String key, String standard) {
    known.add(key);
    String given = left.remove(key);
    return given == null ? standard : given;
  }

  /** The value of an option that is a whole number. */
  int number(String key, int standard) {
    return Math.toIntExact(number(key, standard, Integer.MAX_VALUE));
  }

  /** The value of an option that is a large number. */
  long number(String key, long standard, long max) {
    String text = text(key, Long.toString(standard));
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) > max) {
      throw wrong(key, "a whole number in 0.." + max, text);
    }
    return Long.parseLong(text);
  }

  /** The value of an option that is one of a choice. */
  <E extends Enum<E>> E choice(String key, E standard) {
    String text = text(key, name(standard));
    List<E> choices = List.of(standard.getDeclaringClass().getEnumConstants());
    return choices.stream()
        .filter(choice -> name(choice).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    "one of " + String.join(", ", choices.stream().map(this::name).toList()),
                    text));
  }

  private String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private IllegalArgumentException wrong(String key, String expected, String got) {
    return new IllegalArgumentException(
        format + "." + key + " must be " + expected + ", was " + got);
  }

  /** Refuses an option that nobody has asked for. */
  void refuseOthers() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no option "
              + format
              + "."
              + left.firstKey()
              + (known.isEmpty()
                  ? "; the format has none"
                  : "; those of the format are " + String.join(", ", known)));
    }
  }
}
