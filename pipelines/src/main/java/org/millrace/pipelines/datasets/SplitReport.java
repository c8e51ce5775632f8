package org.millrace.pipelines.datasets;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.transforms.window.FilePart;
import org.millrace.transforms.window.Split;

/**
 * What the manifest says of splits, targets and what was found.
 *
 * <pre>
 * {"domains": {name: {"documents", "files", "tokens", "weight",
 *                     "splits": {name: {"documents", "files": [path, or path#group],
 *                                       "taken", "tokens", "wanted", "windows"}}}},
 *  "files": {"of_no_domain", "order", "sha256"},
 *  "seed"}
 * </pre>
 *
 * Of a split of which nothing is wanted only documents and files are told.
 */
final class SplitReport {

  /** The report's name in the manifest. */
  static final String NAME = "splits";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

  private SplitReport() {}

  static String of(NpyCorpus corpus, WindowPlan plan) {
    Map<String, Object> domains = new TreeMap<>();
    TreeSet<String> used = new TreeSet<>();
    for (DomainWindows domain : plan.domains()) {
      domains.put(domain.domain().name(), domain(domain));
      domain.files().forEach(size -> used.add(size.file().path()));
    }
    Map<String, Object> files = new TreeMap<>();
    files.put("of_no_domain", corpus.files().size() - used.size());
    files.put("order", "path");
    files.put("sha256", NpyCorpus.sha256(used));
    return json(Map.of("domains", domains, "files", files, "seed", plan.seed()));
  }

  /** A JSON object, its keys sorted. */
  static String json(Map<String, Object> values) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(values));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of plain values has no JSON", e);
    }
  }

  private static Map<String, Object> domain(DomainWindows domain) {
    Map<String, Object> splits = new TreeMap<>();
    for (Split split : Split.values()) {
      splits.put(split.label(), split(domain, split));
    }
    return new TreeMap<>(
        Map.of(
            "documents", domain.documents(),
            "files", domain.files().size(),
            "splits", splits,
            "tokens", domain.tokens(),
            "weight", domain.domain().weight()));
  }

  private static Map<String, Object> split(DomainWindows domain, Split split) {
    List<FilePart> parts = domain.splits().parts(split);
    Map<String, Object> json = new TreeMap<>();
    json.put("documents", parts.stream().mapToLong(FilePart::documents).sum());
    json.put("files", parts.stream().map(FilePart::id).toList());
    DomainWindows.SplitWindows windows = domain.splitWindows().get(split);
    if (windows != null) {
      json.put("taken", windows.taken());
      json.put("tokens", windows.tokens());
      json.put("wanted", windows.wanted());
      json.put("windows", windows.available());
    }
    return json;
  }
}
