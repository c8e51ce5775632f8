package org.millrace.io.megatron;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;

/**
 * Reads a pair: the arrays of its index side by side, in streams. Where sequences begin is computed
 * from the lengths; pointers are only checked.
 *
 * @param columns tokens and the documents that end; the documents before the first sequence where
 *     there are any, and the mode in multimodal files
 * @param targets those of a teacher, where they are beside
 */
record MegatronReader(
    MegatronIndex index, BinParts bin, List<Column> columns, Optional<TargetPairs> targets)
    implements ShardReader {

  /** Whether a sequence is text (0) or an image (1). */
  static final String MODE = "mode";

  static MegatronReader open(MegatronIndex index, BinParts bin, Optional<TargetPairs> targets)
      throws IOException {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.array(Column.TOKENS, index.header().dtype()));
    columns.add(new Column(Column.DOCUMENTS_ENDED, "int32"));
    if (index.entries() > 1 && index.sequences() > 0) {
      try (IndexNumbers second = index.documents(1)) {
        if (second.nextLong() == 0) {
          columns.add(new Column(Column.DOCUMENTS_BEFORE, "int32"));
        }
      }
    }
    if (index.hasModes()) {
      columns.add(new Column(MODE, "int8"));
    }
    return new MegatronReader(index, bin, List.copyOf(columns), targets);
  }

  /** Whether there is a column. */
  boolean has(String column) {
    return columns.stream().anyMatch(each -> each.name().equals(column));
  }

  @Override
  public long samples() {
    return index.sequences();
  }

  @Override
  public OptionalLong tokens() {
    return OptionalLong.of(bin.bytes() / index.width());
  }

  @Override
  public SortedMap<String, String> properties() {
    TreeMap<String, String> properties = new TreeMap<>();
    properties.put("documents", Long.toString(Math.max(0, index.entries() - 1)));
    properties.put("dtype", index.header().dtype().label());
    targets.ifPresent(found -> properties.put("beside", "target_index, target_prob"));
    return properties;
  }

  @Override
  public Contents check(long vocabularySize, Consumer<Finding> findings) throws IOException {
    Contents contents = new MegatronCheck(index, bin, findings).run(vocabularySize);
    if (targets.isPresent()) {
      targets.get().check(findings);
    }
    return contents;
  }

  @Override
  public SampleCursor read(long from) throws IOException {
    checkArgument(0 <= from && from <= samples(), "from must be 0..%s, was %s", samples(), from);
    return new MegatronCursor(this, from);
  }

  @Override
  public void close() {}
}
