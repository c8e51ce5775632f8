package org.millrace.pipelines.recipe;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Node.Entry;
import org.millrace.pipelines.recipe.Node.Items;
import org.millrace.pipelines.recipe.Node.Kind;
import org.millrace.pipelines.recipe.Node.Scalar;
import org.millrace.pipelines.recipe.Node.Section;

/** Binds the sections of a recipe to records, strictly: nothing unknown, nothing converted. */
final class SettingBinder {

  private static final Mark BUILT_IN = new Mark("the default", 1);

  private final Class<?> root;

  private SettingBinder(Class<?> root) {
    this.root = root;
  }

  /**
   * A record from a section.
   *
   * @param otherKeys keys of the section that are none of the record's, and bound elsewhere
   * @throws RecipeException with all that is wrong
   */
  static <S extends Record> S bind(Class<S> type, Section section, Collection<String> otherKeys) {
    return type.cast(new SettingBinder(type).section(type, section, "", otherKeys));
  }

  /** The value of one key, as {@link #bind} would make it. */
  static Object bind(Key key, Node node, String path) {
    return new SettingBinder(key.type()).value(key, node, path);
  }

  private Object section(
      Class<?> type, Section section, String path, Collection<String> otherKeys) {
    List<Key> keys = Key.of(type);
    List<String> problems = new ArrayList<>(unknownKeys(keys, section, path, otherKeys));
    Object[] values = new Object[keys.size()];
    for (int i = 0; i < values.length; i++) {
      Key key = keys.get(i);
      try {
        Entry entry = section.entries().get(key.name());
        values[i] =
            entry == null
                ? absent(key, section, key.under(path))
                : value(key, entry.value(), key.under(path));
      } catch (RecipeException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
    return construct(type, values, section, path);
  }

  private List<String> unknownKeys(
      List<Key> keys, Section section, String path, Collection<String> otherKeys) {
    List<String> known = new ArrayList<>(otherKeys);
    keys.forEach(key -> known.add(key.name()));
    List<String> problems = new ArrayList<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              if (!known.contains(name)) {
                problems.add(entry.mark() + ": " + unknown(name, path, known));
              }
            });
    return problems;
  }

  private String unknown(String name, String path, List<String> known) {
    String where = path.isEmpty() ? "a recipe" : "the section " + path;
    Optional<String> meant =
        Nearest.to(name, known).or(() -> pathOf(name, root, "")).map(near -> near);
    return String.format(
        "%s is not a key of %s%s; its keys are %s",
        name,
        where,
        meant.map(near -> "; did you mean " + near + "?").orElse(""),
        String.join(", ", known));
  }

  /** Where in the whole recipe a key of this name stands. */
  private static Optional<String> pathOf(String name, Class<?> section, String path) {
    List<Key> keys = Key.of(section);
    return keys.stream()
        .filter(key -> key.name().equals(name))
        .map(key -> key.under(path))
        .findFirst()
        .or(
            () ->
                keys.stream()
                    .filter(Key::isSection)
                    .flatMap(key -> pathOf(name, key.type(), key.under(path)).stream())
                    .findFirst());
  }

  private Object absent(Key key, Section parent, String path) {
    if (key.isRequired()) {
      throw new RecipeException(parent.mark(), path + " is missing; it must be " + key.allowed());
    }
    if (!key.setting().defaultsTo().isEmpty()) {
      return value(key, YamlTree.parse(key.setting().defaultsTo(), BUILT_IN), path);
    }
    return key.optional()
        ? Optional.empty()
        : section(key.type(), new Section(parent.mark(), new LinkedHashMap<>()), path, List.of());
  }

  private Object value(Key key, Node node, String path) {
    if (key.optional()) {
      boolean off = node instanceof Scalar scalar && scalar.kind() == Kind.NULL;
      return off ? Optional.empty() : Optional.of(present(key, node, path));
    }
    return present(key, node, path);
  }

  private Object present(Key key, Node node, String path) {
    if (key.list()) {
      return key.isSection() ? sections(key, node, path) : ValueBinder.items(key, node, path);
    }
    return key.isSection() ? section(key, node, path) : ValueBinder.item(key, node, path);
  }

  private Object section(Key key, Node node, String path) {
    if (node instanceof Section section) {
      return section(key.type(), section, path, List.of());
    }
    String fix =
        key.optional()
            ? "; {} turns it on with its defaults, null turns it off"
            : "; leave it out for its defaults";
    throw new RecipeException(
        node.mark(), path + " is " + node.found() + ", must be a section" + fix);
  }

  private List<Object> sections(Key key, Node node, String path) {
    if (!(node instanceof Items list)) {
      throw new RecipeException(
          node.mark(), path + " is " + node.found() + ", must be " + key.allowed());
    }
    if (list.items().isEmpty() && !key.setting().mayBeEmpty()) {
      throw new RecipeException(
          node.mark(), path + " is an empty list, must be " + key.allowed() + ", at least one");
    }
    List<Object> sections = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      try {
        sections.add(section(key, list.items().get(i), path + "[" + i + "]"));
      } catch (RecipeException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
    return List.copyOf(sections);
  }

  private static Object construct(Class<?> type, Object[] values, Section section, String path) {
    try {
      Class<?>[] parameters =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(parameters);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        String where = path.isEmpty() ? "" : path + ": ";
        throw new RecipeException(section.mark(), where + refusal.getMessage());
      }
      throw new IllegalStateException(type + " cannot be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is no public record", e);
    }
  }
}
