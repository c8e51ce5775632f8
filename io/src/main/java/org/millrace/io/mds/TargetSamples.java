package org.millrace.io.mds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.TargetColumns;
import org.millrace.io.shard.ShardSink;
import org.millrace.transforms.data.AnnotatedWindow;
import org.millrace.transforms.data.TokenIds;

/** The columns of windows with a teacher's targets; see {@link MdsIO#targets}. */
final class TargetSamples {

  private static final String PICKLE = "pkl";

  private TargetSamples() {}

  static ShardSink<AnnotatedWindow> sink(
      DType index, boolean pickled, Set<String> extras, MdsSettings settings) {
    List<MdsColumn<AnnotatedWindow>> columns = new ArrayList<>();
    columns.add(new MdsColumn<>(new Column(Column.DOMAIN, "str"), AnnotatedWindow::domain));
    columns.add(new MdsColumn<>(new Column(Column.INDEX, "int"), AnnotatedWindow::index));
    columns.add(
        new MdsColumn<>(
            column(Column.TARGET_INDEX, pickled, index),
            window -> TargetColumns.index(window.targets(), index, window.id())));
    columns.add(
        new MdsColumn<>(
            column(Column.TARGET_PROB, pickled, DType.FLOAT16),
            window -> TargetColumns.values(window.targets())));
    DType ids = index == DType.UINT16 ? DType.UINT16 : DType.UINT32;
    if (extras.contains(Column.TOKEN_IDS)) {
      columns.add(new MdsColumn<>(column(Column.TOKEN_IDS, pickled, ids), AnnotatedWindow::tokens));
    }
    if (extras.contains(Column.PREVIOUS_TOKENS)) {
      columns.add(
          new MdsColumn<>(column(Column.PREVIOUS_TOKENS, pickled, ids), AnnotatedWindow::previous));
    }
    return new MdsSink<>(
        columns, settings, new Counts(extras.contains(Column.TOKEN_IDS)), Map.of());
  }

  private static Column column(String name, boolean pickled, DType dtype) {
    return pickled ? new Column(name, PICKLE) : Column.array(name, dtype);
  }

  /**
   * Counts tokens.
   *
   * @param tokens whether they are written
   */
  private record Counts(boolean tokens) implements MdsCounts<AnnotatedWindow> {

    @Override
    public String id(AnnotatedWindow window, long number) {
      return window.id();
    }

    @Override
    public void add(AnnotatedWindow window, SortedMap<String, Long> counts) {
      if (tokens) {
        TokenIds ids = window.tokens();
        counts.merge("tokens", (long) ids.length(), Long::sum);
      }
    }
  }
}
