package org.millrace.io.mds;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.LittleEndianOutput;
import org.millrace.io.shard.ShardSink;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenWindow;

/**
 * The columns of windows.
 *
 * @see <a href="https://github.com/princeton-nlp/CEPE">CEPE, data/sample_mds_ab.py and
 *     data/sample_mds_concat.py</a>
 */
final class WindowColumns {

  private static final String PICKLE = "pkl";

  private WindowColumns() {}

  static ShardSink<TokenWindow> sink(
      int vocabularySize, Optional<DType> dtype, boolean index, MdsSettings settings) {
    checkArgument(vocabularySize > 0, "vocabularySize must be 1 or more, was %s", vocabularySize);
    List<MdsColumn<TokenWindow>> columns = new ArrayList<>();
    columns.add(new MdsColumn<>(new Column(Column.DOMAIN, "str"), TokenWindow::domain));
    columns.add(ids(Column.PREVIOUS_TOKENS, vocabularySize, dtype, TokenWindow::context));
    columns.add(ids(Column.TOKEN_IDS, vocabularySize, dtype, TokenWindow::own));
    if (index) {
      columns.add(new MdsColumn<>(new Column(Column.INDEX, "int"), TokenWindow::index));
    }
    return new MdsSink<>(
        columns,
        settings,
        new Counts(),
        Map.of("dtype", dtype.map(DType::label).orElse(DType.INT64.label() + " in pickles")));
  }

  private static MdsColumn<TokenWindow> ids(
      String name,
      int vocabularySize,
      Optional<DType> dtype,
      SerializableFunction<TokenWindow, TokenIds> of) {
    Column column =
        dtype.map(type -> Column.array(name, type)).orElseGet(() -> new Column(name, PICKLE));
    DType checked = dtype.orElse(DType.INT64);
    return new MdsColumn<>(
        column,
        window -> {
          TokenIds ids = of.apply(window);
          LittleEndianOutput.checkIds(ids, window.id(), vocabularySize, checked);
          return ids;
        });
  }

  /** Counts a window's own tokens. */
  private record Counts() implements MdsCounts<TokenWindow> {

    @Override
    public String id(TokenWindow window, long number) {
      return window.id();
    }

    @Override
    public void add(TokenWindow window, SortedMap<String, Long> counts) {
      counts.merge("tokens", (long) window.ownCount(), Long::sum);
      counts.merge("context", (long) window.before(), Long::sum);
    }
  }
}
