package org.millrace.pipelines.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import org.millrace.pipelines.recipe.Node.Entry;
import org.millrace.pipelines.recipe.Node.Kind;
import org.millrace.pipelines.recipe.Node.Scalar;
import org.millrace.pipelines.recipe.Node.Section;

/** Puts {@code section.key=value} over what a recipe says. */
final class Overrides {

  private Overrides() {}

  /** The recipe with each override in turn; a later one wins. */
  static Section apply(Section recipe, List<String> overrides) {
    Section result = recipe;
    for (String override : overrides) {
      Mark mark = Mark.override(override);
      int equals = override.indexOf('=');
      if (equals <= 0) {
        throw new RecipeException(mark, "must be section.key=value, as in pack.buckets=4");
      }
      String[] path = override.substring(0, equals).split("\\.", -1);
      if (path[0].equals("pipeline")) {
        throw new RecipeException(mark, "the pipeline of a recipe cannot be changed");
      }
      Node value = YamlTree.parse(override.substring(equals + 1), mark);
      result = put(result, path, 0, value, mark);
    }
    return result;
  }

  private static Section put(Section section, String[] path, int at, Node value, Mark mark) {
    Node changed = value;
    if (at + 1 < path.length) {
      Entry former = section.entries().get(path[at]);
      changed = put(sectionIn(former, path, at, mark), path, at + 1, value, mark);
    }
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(section.entries());
    entries.put(path[at], new Entry(mark, changed));
    return new Section(section.mark(), entries);
  }

  /** A section that is absent or off is turned on by setting one of its keys. */
  private static Section sectionIn(Entry entry, String[] path, int at, Mark mark) {
    if (entry == null || (entry.value() instanceof Scalar scalar && isNothing(scalar))) {
      return new Section(mark, new LinkedHashMap<>());
    }
    if (entry.value() instanceof Section section) {
      return section;
    }
    String name = String.join(".", List.of(path).subList(0, at + 1));
    throw new RecipeException(mark, name + " is " + entry.value().found() + ", no section");
  }

  private static boolean isNothing(Scalar scalar) {
    return scalar.kind() == Kind.NULL || scalar.kind() == Kind.EMPTY;
  }
}
