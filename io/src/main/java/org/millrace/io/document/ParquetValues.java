package org.millrace.io.document;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Utf8;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Makes JSON of Parquet's values: structs and maps become objects, lists arrays, dates and times
 * strings as ISO 8601 has them, decimals exact numbers; floats that JSON has not (NaN, infinities)
 * null; bytes that are not UTF-8 a string in Base64.
 *
 * @see <a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md">Parquet's
 *     logical types, with the old shapes of lists and maps</a>
 */
final class ParquetValues {

  static final JsonValue NULL = new JsonValue.Literal("null");

  private final UnicodeText unicode;

  ParquetValues(UnicodeText unicode) {
    this.unicode = unicode;
  }

  /** Whether a type is text by what it is said to be. */
  static boolean isText(LogicalTypeAnnotation annotation) {
    return annotation instanceof StringLogicalTypeAnnotation
        || annotation instanceof EnumLogicalTypeAnnotation
        || annotation instanceof JsonLogicalTypeAnnotation;
  }

  /** The value of a group's field. */
  JsonValue of(Group group, int field) throws RecordException {
    Type type = group.getType().getType(field);
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      return repeated(group, field);
    }
    return group.getFieldRepetitionCount(field) == 0 ? NULL : of(group, field, 0);
  }

  private JsonValue repeated(Group group, int field) throws RecordException {
    List<JsonValue> values = new ArrayList<>();
    for (int i = 0; i < group.getFieldRepetitionCount(field); i++) {
      values.add(of(group, field, i));
    }
    return new JsonValue.Array(values);
  }

  private JsonValue of(Group group, int field, int index) throws RecordException {
    Type type = group.getType().getType(field);
    if (type.isPrimitive()) {
      return primitive(group, field, index, type.asPrimitiveType());
    }
    Group value = group.getGroup(field, index);
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    boolean wraps =
        value.getType().getFieldCount() == 1
            && value.getType().getType(0).isRepetition(Type.Repetition.REPEATED);
    if (wraps && annotation instanceof ListLogicalTypeAnnotation) {
      return list(value, type.getName());
    }
    boolean map =
        annotation instanceof MapLogicalTypeAnnotation
            || annotation instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
    return wraps && map && isEntry(value.getType().getType(0)) ? map(value) : struct(value);
  }

  private JsonValue struct(Group group) throws RecordException {
    TreeMap<String, JsonValue> members = new TreeMap<>();
    GroupType type = group.getType();
    for (int i = 0; i < type.getFieldCount(); i++) {
      members.put(unicode.check(type.getFieldName(i), "a column's name"), of(group, i));
    }
    return new JsonValue.Members(members);
  }

  private JsonValue list(Group group, String name) throws RecordException {
    Type repeated = group.getType().getType(0);
    // LogicalTypes.md, backward-compatibility rules: these repeated groups are the elements.
    boolean isElement =
        repeated.isPrimitive()
            || repeated.asGroupType().getFieldCount() != 1
            || repeated.getName().equals("array")
            || repeated.getName().equals(name + "_tuple");
    if (isElement) {
      return repeated(group, 0);
    }
    List<JsonValue> values = new ArrayList<>();
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      values.add(of(group.getGroup(0, i), 0));
    }
    return new JsonValue.Array(values);
  }

  private static boolean isEntry(Type type) {
    return !type.isPrimitive() && type.asGroupType().getFieldCount() == 2;
  }

  private JsonValue map(Group group) throws RecordException {
    TreeMap<String, JsonValue> members = new TreeMap<>();
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      Group entry = group.getGroup(0, i);
      JsonValue key = of(entry, 0);
      String name = key instanceof JsonValue.Text text ? text.value() : key.canonical();
      members.put(name, of(entry, 1));
    }
    return new JsonValue.Members(members);
  }

  private JsonValue primitive(Group group, int field, int index, PrimitiveType type)
      throws RecordException {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> new JsonValue.Literal(Boolean.toString(group.getBoolean(field, index)));
      case INT32 -> integer(group.getInteger(field, index), annotation, 32);
      case INT64 -> integer(group.getLong(field, index), annotation, 64);
      case INT96 -> new JsonValue.Text(ParquetTimes.int96(group.getInt96(field, index).getBytes()));
      case FLOAT -> {
        float value = group.getFloat(field, index);
        // Not Float.toString, which gives other digits from Java 19 on.
        yield Float.isFinite(value)
            ? new JsonValue.Literal(NumberOutput.toString(value, true))
            : NULL;
      }
      case DOUBLE -> {
        double value = group.getDouble(field, index);
        yield Double.isFinite(value)
            ? new JsonValue.Literal(NumberOutput.toString(value, true))
            : NULL;
      }
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          bytes(group.getBinary(field, index).getBytes(), annotation, type.getName());
    };
  }

  private static JsonValue integer(long value, LogicalTypeAnnotation annotation, int bits) {
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return number(BigInteger.valueOf(value), decimal);
    }
    if (annotation instanceof IntLogicalTypeAnnotation kind && !kind.isSigned()) {
      return new JsonValue.Literal(
          bits == 32 ? Integer.toUnsignedString((int) value) : Long.toUnsignedString(value));
    }
    return ParquetTimes.of(value, annotation)
        .<JsonValue>map(JsonValue.Text::new)
        .orElseGet(() -> new JsonValue.Literal(Long.toString(value)));
  }

  private static JsonValue number(BigInteger unscaled, DecimalLogicalTypeAnnotation decimal) {
    return new JsonValue.Literal(new BigDecimal(unscaled, decimal.getScale()).toPlainString());
  }

  private JsonValue bytes(byte[] bytes, LogicalTypeAnnotation annotation, String name)
      throws RecordException {
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal && bytes.length > 0) {
      return number(new BigInteger(bytes), decimal);
    }
    if (annotation instanceof UUIDLogicalTypeAnnotation && bytes.length == 16) {
      String hex = String.format(Locale.ROOT, "%032x", new BigInteger(1, bytes));
      return new JsonValue.Text(
          hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }
    boolean text = isText(annotation) || (annotation == null && Utf8.isWellFormed(bytes));
    return new JsonValue.Text(
        text
            ? unicode.decode(bytes, 0, bytes.length, "column " + name)
            : Base64.getEncoder().encodeToString(bytes));
  }
}
