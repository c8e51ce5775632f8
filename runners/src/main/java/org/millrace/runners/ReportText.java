package org.millrace.runners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** Shows a report of a manifest: as a table where its form is known, else as it is. */
final class ReportText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportText() {}

  /**
   * The text, with an end of its last line.
   *
   * @param json an object
   */
  static String of(String name, String json) throws IOException {
    JsonNode report = JSON.readTree(json);
    return switch (name) {
      case "splits" -> splits(report);
      default -> PlainText.of(name + " " + json) + "\n";
    };
  }

  private static String splits(JsonNode report) {
    TextTable table =
        TextTable.of(
            "SPLIT", "DOMAIN", "FILES", "DOCUMENTS", "TOKENS", "WINDOWS", "WANTED", "TAKEN");
    for (String split : new String[] {"test", "train", "retrieval"}) {
      report
          .path("domains")
          .properties()
          .forEach(
              domain -> {
                JsonNode found = domain.getValue().path("splits").path(split);
                table.row(
                    split,
                    domain.getKey(),
                    found.path("files").size(),
                    found.path("documents").asLong(),
                    cell(found, "tokens"),
                    cell(found, "windows"),
                    cell(found, "wanted"),
                    cell(found, "taken"));
              });
    }
    long others = report.path("files").path("of_no_domain").asLong();
    return table.text()
        + (others == 0
            ? ""
            : Amounts.of(others, "file is", "files are") + " of none of these domains\n");
  }

  private static Object cell(JsonNode found, String key) {
    return found.has(key) ? (Object) found.path(key).asLong() : "";
  }
}
