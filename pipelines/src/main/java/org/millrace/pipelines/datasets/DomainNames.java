package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What domains are called in an input, and what they are to be called; in a recipe {@code
 * common_crawl=cc}, or {@code cc} where the name stays.
 *
 * @param names of domains, by what they are called in the input
 */
record DomainNames(Map<String, String> names) implements Serializable {

  /**
   * Reads the names of a recipe.
   *
   * @throws IllegalArgumentException where one is no name for a folder, or is there twice
   */
  static DomainNames parse(List<String> texts) {
    LinkedHashMap<String, String> names = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String from = (equals < 0 ? text : text.substring(0, equals)).strip();
      String to = text.substring(equals + 1).strip();
      checkArgument(
          !from.isEmpty() && to.matches("[\\p{L}\\p{N}._+@,~-]+") && !to.matches("\\.+"),
          "domains must be written as name, or as name=new_name with a new name of letters, digits"
              + " and . _ - + @ , ~, was %s",
          text);
      checkArgument(names.put(from, to) == null, "domains must differ, but %s is there twice", from);
    }
    return new DomainNames(names);
  }

  /** The domains, each once, in the order of the recipe. */
  List<String> domains() {
    return List.copyOf(new LinkedHashSet<>(names.values()));
  }

  /** The domain that the input calls so. */
  Optional<String> domain(String name) {
    return Optional.ofNullable(names.get(name));
  }

  /** A file's domain, and its path with the domain's new name. */
  record Renamed(String domain, String path) {}

  /**
   * The domain of a file: the first folder in its path that is one.
   *
   * @throws IllegalArgumentException where none is
   */
  Renamed renamed(String path) {
    List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
    for (int i = 0; i < parts.size() - 1; i++) {
      Optional<String> found = domain(parts.get(i));
      if (found.isPresent()) {
        parts.set(i, found.get());
        return new Renamed(found.get(), String.join("/", parts));
      }
    }
    throw new IllegalArgumentException(
        "%s: no folder in its path is a domain, which are %s; give the folder that those of the"
                .formatted(path, names.keySet())
            + " domains are in, add the domain to domains, or set domain_field to a field that holds"
            + " it");
  }
}
