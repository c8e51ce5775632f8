package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.Column;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.verify.FormatShards;

/** Shows what the shards of a format are, by their heads and indexes alone. */
final class ForeignText {

  /** Of more shards only the sums are shown. */
  private static final int SHARDS_SHOWN = 12;

  private static final int VALUES_SHOWN = 3;

  /** The property of Megatron's pairs that is a count. */
  private static final String DOCUMENTS = "documents";

  private record Head(
      List<StoredFile> files,
      List<Column> columns,
      long samples,
      OptionalLong tokens,
      SortedMap<String, String> properties,
      String problem) {

    long bytes() {
      return files.stream().mapToLong(StoredFile::bytes).sum();
    }
  }

  private final FormatShards found;
  private final TextTable files = TextTable.of("FILE", "SIZE", "SAMPLES");
  private final Set<List<Column>> columns = new LinkedHashSet<>();
  private final TreeMap<String, Set<String>> properties = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private long shards;
  private long bytes;
  private long samples;
  private long tokens;
  private long documents;
  private boolean documentsKnown;
  private boolean tokensKnown = true;

  private ForeignText(FormatShards found) {
    this.found = found;
  }

  /** Opens every shard. */
  static ForeignText of(FormatShards found) throws IOException {
    ForeignText text = new ForeignText(found);
    InOrder.forEach(found.shards(), InOrder.allThreads(), text::head, text::add);
    text.sum();
    return text;
  }

  private Head head(List<StoredFile> shard) {
    try (ShardReader reader = found.format().open(shard)) {
      return new Head(
          shard, reader.columns(), reader.samples(), reader.tokens(), reader.properties(), "");
    } catch (IOException e) {
      return new Head(
          shard, List.of(), 0, OptionalLong.of(0), new TreeMap<>(), String.valueOf(e.getMessage()));
    }
  }

  private void add(Head head) {
    if (!head.problem.isEmpty()) {
      problems.add(head.problem);
    } else {
      columns.add(head.columns);
    }
    head.properties.forEach(
        (name, value) -> {
          if (name.equals(DOCUMENTS)) {
            documents += Long.parseLong(value);
            documentsKnown = true;
          } else {
            properties.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(value);
          }
        });
    samples += head.samples;
    bytes += head.bytes();
    tokensKnown &= head.tokens.isPresent();
    tokens += head.tokens.orElse(0);
    int most = found.shards().size() > SHARDS_SHOWN ? SHARDS_SHOWN - 2 : SHARDS_SHOWN;
    if (++shards <= most) {
      files.row(head.files.get(0).path(), Amounts.bytes(head.bytes()), head.samples);
    }
  }

  private void sum() {
    if (shards > SHARDS_SHOWN) {
      long more = shards - SHARDS_SHOWN + 2;
      files.row("... and " + Amounts.of(more, "more shard", "more shards"), "", "");
    }
    files.row(found.format().name() + " in all", Amounts.bytes(bytes), samples);
  }

  /** The shards that cannot be read, and why. */
  List<String> problems() {
    return problems;
  }

  /** What the format holds, in a few lines. */
  String summary() {
    String counts =
        Amounts.of(shards, "shard", "shards") + ", " + Amounts.of(samples, "sample", "samples");
    counts += documentsKnown ? ", " + Amounts.of(documents, "document", "documents") : "";
    TextTable table =
        TextTable.of(
            found.format().name(),
            tokensKnown ? counts + ", " + Amounts.of(tokens, "token", "tokens") : counts);
    int shown = 0;
    for (List<Column> each : columns) {
      if (shown++ < VALUES_SHOWN) {
        List<String> names = each.stream().map(Column::toString).toList();
        table.row(shown == 1 ? "columns" : "or", String.join(", ", names));
      }
    }
    if (shown > VALUES_SHOWN) {
      table.row("", "and " + (shown - VALUES_SHOWN) + " other sets of columns");
    }
    properties.forEach(
        (name, values) -> {
          String text = String.join("; ", values.stream().limit(VALUES_SHOWN).toList());
          table.row(name, values.size() > VALUES_SHOWN ? text + "; ..." : text);
        });
    return table.text();
  }

  /** The first files, and the sums of all. */
  String files() {
    return files.text();
  }
}
