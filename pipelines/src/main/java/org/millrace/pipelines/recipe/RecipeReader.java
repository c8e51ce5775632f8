package org.millrace.pipelines.recipe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.pipelines.recipe.Node.Entry;
import org.millrace.pipelines.recipe.Node.Kind;
import org.millrace.pipelines.recipe.Node.Scalar;
import org.millrace.pipelines.recipe.Node.Section;

/**
 * Reads recipes from YAML, strictly: an unknown or repeated key, a value of a wrong type or out of
 * its range is an error with its place and with what is allowed.
 *
 * <pre>{@code
 * pipeline: pretrain
 * seed: 17
 * pack:
 *   sequence_length: 4096
 * }</pre>
 *
 * <p>A key that is absent has its default. A section that is absent or {@code null} is off where it
 * may be; else it has its defaults.
 */
public final class RecipeReader {

  private static final List<String> HEAD = List.of("pipeline", "description", "defaults");

  private final Map<String, ? extends Class<? extends Record>> pipelines;

  private RecipeReader(Map<String, ? extends Class<? extends Record>> pipelines) {
    this.pipelines = new LinkedHashMap<>(pipelines);
  }

  /** A reader that knows these pipelines, each with the record of its settings. */
  public static RecipeReader of(Map<String, ? extends Class<? extends Record>> pipelines) {
    return new RecipeReader(pipelines);
  }

  /**
   * Reads a recipe.
   *
   * @param name what the recipe is called
   * @param source what its text is called in errors
   * @param yaml its text
   * @param overrides {@code section.key=value}, the value as YAML or as a list with commas; in
   *     their order
   * @throws RecipeException with all that is wrong
   */
  public Recipe<?> read(String name, String source, String yaml, List<String> overrides) {
    Node root = YamlTree.parse(yaml, new Mark(source, 1));
    if (!(root instanceof Section section)) {
      throw new RecipeException(
          root.mark(), "the recipe is " + root.found() + "; it must begin with pipeline: NAME");
    }
    return bind(name, Overrides.apply(section, overrides));
  }

  private Recipe<?> bind(String name, Section section) {
    String pipeline = pipeline(section);
    LinkedHashMap<String, Entry> settings = new LinkedHashMap<>(section.entries());
    LinkedHashMap<String, Entry> head = new LinkedHashMap<>();
    for (String key : HEAD) {
      Entry entry = settings.remove(key);
      if (entry != null) {
        head.put(key, entry);
      }
    }
    List<String> problems = new ArrayList<>();
    Optional<Head> bound =
        collect(problems, Head.class, new Section(section.mark(), head), List.of());
    Optional<? extends Record> record =
        collect(problems, pipelines.get(pipeline), new Section(section.mark(), settings), HEAD);
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
    return new Recipe<>(
        name,
        pipeline,
        bound.flatMap(Head::description).orElse(""),
        record.orElseThrow(),
        bound.map(Head::defaults).orElse(RecipeDefaults.NONE));
  }

  private static <S extends Record> Optional<S> collect(
      List<String> problems, Class<S> type, Section section, Collection<String> otherKeys) {
    try {
      return Optional.of(SettingBinder.bind(type, section, otherKeys));
    } catch (RecipeException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private String pipeline(Section section) {
    Entry entry = section.entries().get("pipeline");
    String known = "; pipelines are " + String.join(", ", pipelines.keySet());
    if (entry == null) {
      throw new RecipeException(section.mark(), "pipeline is missing" + known);
    }
    if (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
      if (pipelines.containsKey(scalar.text())) {
        return scalar.text();
      }
      String meant =
          Nearest.to(scalar.text(), pipelines.keySet())
              .map(near -> "; did you mean " + near + "?")
              .orElse("");
      throw new RecipeException(
          scalar.mark(), "there is no pipeline " + scalar.text() + meant + known);
    }
    throw new RecipeException(entry.value().mark(), "pipeline is " + entry.value().found() + known);
  }

  /** What stands in every recipe beside the settings of its pipeline. */
  record Head(
      @Setting(doc = "The dataset pipeline.") String pipeline,
      @Setting(doc = "What the recipe is for, in one line.") Optional<String> description,
      @Setting(doc = "What a run uses where its command line does not say.")
          RecipeDefaults defaults) {}
}
