package org.millrace.io.stored;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.List;
import org.millrace.io.column.Column;

/**
 * A sample that has been read whole.
 *
 * @param columns what it holds
 * @param values one for each column
 */
public record StoredValues(List<Column> columns, List<Object> values) implements StoredSample {

  public StoredValues {
    columns = List.copyOf(columns);
    values = List.copyOf(values);
    checkArgument(columns.size() == values.size(), "%s have %s values", columns, values.size());
  }

  @Override
  public Object value(int column) {
    return values.get(column);
  }
}
