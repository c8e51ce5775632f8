package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ShardSink;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;

/** Shows a manifest as tables. */
final class DatasetText {

  /** Of more files only the sums are shown. */
  private static final int FILES_SHOWN = 12;

  private final Manifest manifest;

  DatasetText(Manifest manifest) {
    this.manifest = manifest;
  }

  /** What came in, went and came out, step by step. */
  String steps() {
    TextTable table = TextTable.of("STEP", "WHAT", "DOCUMENTS", "TEXT", "TOKENS");
    Map<String, long[]> sums = new LinkedHashMap<>();
    List<LedgerEntry> entries = new ArrayList<>(manifest.ledger().entries());
    entries.sort(
        java.util.Comparator.<LedgerEntry>comparingInt(entry -> rank(entry))
            .thenComparing(LedgerEntry::step)
            .thenComparing(LedgerEntry::reason));
    for (LedgerEntry entry : entries) {
      long[] sum = sums.computeIfAbsent(entry.step() + "\n" + entry.reason(), key -> new long[3]);
      sum[0] += entry.documents();
      sum[1] += entry.bytes();
      sum[2] += entry.tokens();
    }
    sums.forEach(
        (key, sum) -> {
          String[] names = key.split("\n", -1);
          boolean tokensOnly = List.of(Ledger.TOKENIZED, Ledger.SENTINELS).contains(names[1]);
          table.row(
              names[0],
              tokensOnly && names[0].equals("read") ? "tokens in" : said(names[1]),
              tokensOnly ? "" : sum[0],
              tokensOnly ? "" : Amounts.bytes(sum[1]),
              sum[2] == 0 ? "" : sum[2]);
        });
    return table.text();
  }

  /** Steps in the order in which documents meet them. */
  private static int rank(LedgerEntry entry) {
    List<String> order =
        List.of(
            "read",
            "sample",
            "normalize",
            "dedup",
            "tokenize",
            "split",
            "window",
            "pack",
            "epochs",
            "fim",
            "convert",
            "write");
    int step = order.indexOf(entry.step());
    return 2 * (step < 0 ? order.size() - 2 : step) + (entry.reason().equals(Ledger.READ) ? 0 : 1);
  }

  private static String said(String reason) {
    return switch (reason) {
      case Ledger.READ -> "in";
      case Ledger.TOKENIZED -> "tokens made";
      case Ledger.REPEATED -> "in once more";
      case Ledger.SENTINELS -> "sentinels put in";
      case Ledger.ADDED -> "more of it";
      case Ledger.WRITTEN -> "out";
      case Ledger.BAD -> "bad, see failures/";
      // Of documents, not of their tokens, each of which is told by another reason.
      case "cut_into_windows" -> "cut into windows";
      default -> "dropped: " + reason.replace('_', ' ');
    };
  }

  /** The sources, when there are several. */
  String sources() {
    TreeSet<String> names = new TreeSet<>();
    manifest.ledger().entries().forEach(entry -> names.add(entry.source()));
    TextTable table = TextTable.of("SOURCE", "DOCUMENTS IN", "DOCUMENTS OUT", "TOKENS OUT");
    for (String name : names) {
      table.row(
          name.isEmpty() ? "." : name,
          sum(name, Ledger.READ, false),
          sum(name, Ledger.WRITTEN, false),
          sum(name, Ledger.WRITTEN, true));
    }
    return table.text();
  }

  private long sum(String source, String reason, boolean tokens) {
    return manifest.ledger().entries().stream()
        .filter(entry -> entry.source().equals(source) && entry.reason().equals(reason))
        .mapToLong(entry -> tokens ? entry.tokens() : entry.documents())
        .sum();
  }

  /** The files of all formats. */
  String files() {
    TextTable table = TextTable.of("FILE", "SIZE", "SAMPLES");
    byFormat()
        .forEach(
            (format, outputs) -> {
              if (outputs.size() > FILES_SHOWN) {
                List<Manifest.File> files = outputs.stream().flatMap(o -> o.files().stream()).toList();
                String name = "%s in all, %s in %s folders";
                String count = Amounts.of(files.size(), "file", "files");
                addSum(table, name.formatted(format, count, outputs.size()), files, outputs);
              } else {
                outputs.forEach(output -> addFiles(table, output));
              }
            });
    return table.text();
  }

  /** The outputs of each format, in their order: one, or as many as the dataset has parts. */
  private Map<String, List<Manifest.Output>> byFormat() {
    Map<String, List<Manifest.Output>> byFormat = new LinkedHashMap<>();
    for (Manifest.Output output : manifest.outputs()) {
      byFormat.computeIfAbsent(output.format(), format -> new ArrayList<>()).add(output);
    }
    return byFormat;
  }

  private static void addFiles(TextTable table, Manifest.Output output) {
    List<Manifest.File> files = output.files();
    files.stream()
        .limit(files.size() > FILES_SHOWN ? FILES_SHOWN - 2 : FILES_SHOWN)
        .forEach(file -> table.row(file.path(), Amounts.bytes(file.bytes()), file.samples()));
    if (files.size() > FILES_SHOWN) {
      int more = files.size() - FILES_SHOWN + 2;
      table.row("... and " + Amounts.of(more, "more file", "more files"), "", "");
    }
    addSum(table, output.folder() + " in all", files, List.of(output));
  }

  private static void addSum(
      TextTable table, String name, List<Manifest.File> files, List<Manifest.Output> outputs) {
    long bytes = files.stream().mapToLong(Manifest.File::bytes).sum();
    long samples = outputs.stream().mapToLong(Manifest.Output::samples).sum();
    table.row(name, Amounts.bytes(bytes), samples);
  }

  /** What the dataset is, in a few lines. */
  String summary() {
    TextTable table = TextTable.of("recipe", recipe());
    var tokenizer = manifest.header().tokenizer();
    table.row(
        "tokenizer",
        tokenizer.isKnown()
            ? tokenizer.name()
                + ", "
                + Amounts.of(tokenizer.vocabularySize(), "token", "tokens")
                + ", SHA-256 "
                + tokenizer.sha256()
            : "not known");
    long bytes = manifest.inputs().stream().mapToLong(InputCount::bytes).sum();
    long documents = manifest.inputs().stream().mapToLong(InputCount::documents).sum();
    table.row(
        "input",
        Amounts.of(manifest.inputs().size(), "file", "files")
            + ", "
            + Amounts.bytes(bytes)
            + ", "
            + Amounts.of(documents, "document", "documents"));
    byFormat()
        .forEach(
            (format, outputs) -> {
              outputs.stream()
                  .limit(FILES_SHOWN)
                  .forEach(output -> table.row(output.folder(), described(output)));
              if (outputs.size() > FILES_SHOWN) {
                int more = outputs.size() - FILES_SHOWN;
                table.row(
                    "...",
                    Amounts.of(more, "more folder", "more folders") + " of " + format);
              }
            });
    return table.text();
  }

  /** What steps have found out; empty where there is nothing. */
  String reports() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> report : manifest.reports().entrySet()) {
      text.append(ReportText.of(report.getKey(), report.getValue())).append('\n');
    }
    return text.toString();
  }

  private String recipe() {
    return "SHA-256 " + manifest.header().recipeSha256();
  }

  private static String described(Manifest.Output output) {
    StringBuilder text = new StringBuilder();
    text.append(Amounts.of(output.samples(), "sample", "samples"));
    text.append(", ").append(Amounts.of(output.tokens(), "token", "tokens"));
    output
        .counts()
        .forEach(
            (name, count) ->
                text.append(", ").append(Amounts.count(count)).append(" of ").append(name));
    output
        .properties()
        .forEach(
            (name, value) ->
                text.append(", ")
                    .append(name.equals(ShardSink.NOT_KEPT) ? "without " : "")
                    .append(value));
    return text.toString();
  }
}
