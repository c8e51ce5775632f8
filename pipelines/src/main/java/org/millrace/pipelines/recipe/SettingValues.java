package org.millrace.pipelines.recipe;

import java.lang.reflect.InvocationTargetException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns records that a recipe is bound to back into plain keys and values. */
final class SettingValues {

  private SettingValues() {}

  /**
   * The keys of a section, sorted, each with its value: a map, a list, a text, a Boolean, a Long, a
   * BigDecimal, or null for what is off.
   */
  static SortedMap<String, Object> of(Record section) {
    SortedMap<String, Object> values = new TreeMap<>();
    for (Key key : Key.of(section.getClass())) {
      values.put(key.name(), plain(component(key, section)));
    }
    return Collections.unmodifiableSortedMap(values);
  }

  static Object component(Key key, Record section) {
    try {
      return key.component().getAccessor().invoke(section);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException(section.getClass() + " cannot be read", e);
    }
  }

  static Object plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(SettingValues::plain).orElse(null);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SettingValues::plain).toList();
    }
    if (value instanceof TokenChoice token) {
      return token.kind() == TokenChoice.Kind.ID ? (Object) (long) token.id() : token.toString();
    }
    if (value instanceof ShardCount count) {
      return count.isInputFiles() ? count.toString() : (Object) (long) count.number();
    }
    if (value instanceof Record section) {
      return of(section);
    }
    if (value instanceof Enum<?> constant) {
      return Key.spelled(constant);
    }
    if (value instanceof Double number) {
      return ShortestDecimal.of(number);
    }
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }
}
