package org.millrace.pipelines.recipe;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A key of a recipe: a component of the record that its section is bound to.
 *
 * @param name in snake case
 * @param setting what is said of it
 * @param type of the value; of an item for a list
 * @param optional whether it may be null
 * @param list whether it is a list
 */
record Key(
    RecordComponent component,
    String name,
    Setting setting,
    Class<?> type,
    boolean optional,
    boolean list) {

  /** The keys of a section in the order in which a recipe shows them. */
  static List<Key> of(Class<?> section) {
    return Arrays.stream(section.getRecordComponents()).map(Key::of).toList();
  }

  private static Key of(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    checkArgument(setting != null, "%s has no @Setting", component);
    Type type = component.getGenericType();
    boolean optional = component.getType() == Optional.class;
    type = optional ? argument(type) : type;
    boolean list = type instanceof ParameterizedType generic && generic.getRawType() == List.class;
    type = list ? argument(type) : type;
    String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    // An Optional can hold no int, but an Integer.
    Class<?> unboxed = MethodType.methodType((Class<?>) type).unwrap().returnType();
    return new Key(component, name, setting, unboxed, optional, list);
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  boolean isSection() {
    return type.isRecord() && type != TokenChoice.class && type != ShardCount.class;
  }

  boolean isRequired() {
    return !optional && (!isSection() || list) && setting.defaultsTo().isEmpty();
  }

  /** What is allowed, in words. */
  String allowed() {
    String one = isSection() ? (list ? "sections" : "a section") : allowedItem();
    return (list ? "a list of " + one : one) + (optional ? ", or null" : "");
  }

  private String allowedItem() {
    if (type.isEnum()) {
      return (list ? "" : "one of ") + String.join(", ", choices());
    }
    if (type == TokenChoice.class) {
      return "none, auto, the text of a token, or its id";
    }
    if (type == ShardCount.class) {
      return "an integer" + range() + ", or " + ShardCount.INPUT_FILES_TEXT;
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "text";
    }
    return (type == double.class ? "a number" : "an integer") + range();
  }

  /** The constants of an enum as a recipe writes them. */
  List<String> choices() {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> spelled((Enum<?>) constant))
        .collect(Collectors.toList());
  }

  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  boolean allows(double number) {
    return number <= setting.max()
        && (setting.aboveMin() ? number > setting.min() : number >= setting.min());
  }

  private String range() {
    boolean from = setting.min() > Double.NEGATIVE_INFINITY;
    boolean to = setting.max() < Double.POSITIVE_INFINITY;
    if (setting.aboveMin()) {
      return " above " + plain(setting.min()) + (to ? ", at most " + plain(setting.max()) : "");
    }
    if (from && to) {
      return " in " + plain(setting.min()) + ".." + plain(setting.max());
    }
    return from ? " from " + plain(setting.min()) : to ? " up to " + plain(setting.max()) : "";
  }

  private static String plain(double number) {
    return ShortestDecimal.of(number).toPlainString();
  }

  /** The path of this key within a section. */
  String under(String path) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
