package org.millrace.io.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.millrace.transforms.data.BadRecord;

/** Makes documents of rows. */
final class ParquetRows {

  private final DocumentFields fields;
  private final int maxDocumentBytes;
  private final UnicodeText unicode;
  private final ParquetValues values;
  private final Optional<Type> text;
  private final MessageType projection;

  ParquetRows(ReadSettings settings, MessageType schema) {
    this.fields = settings.fields();
    this.maxDocumentBytes = settings.maxDocumentBytes();
    this.unicode = new UnicodeText(settings.invalidText());
    this.values = new ParquetValues(unicode);
    this.text =
        fields.text().stream().filter(schema::containsField).findFirst().map(schema::getType);
    List<Type> columns = new ArrayList<>();
    for (Type column : schema.getFields()) {
      if (hasRole(column) || isSource(column) || fields.checks(column.getName())) {
        columns.add(column);
      }
    }
    this.projection = new MessageType(schema.getName(), columns);
  }

  private boolean hasRole(Type column) {
    return text.filter(column::equals).isPresent()
        || fields.id().filter(column.getName()::equals).isPresent();
  }

  private boolean isSource(Type column) {
    return fields.source().map(SourceField::first).filter(column.getName()::equals).isPresent();
  }

  /** The columns that are needed. */
  MessageType projection() {
    return projection;
  }

  /** Whether there is a column of strings for the text. */
  boolean hasText() {
    return text.filter(ParquetRows::isString).isPresent();
  }

  /** Why no row has a text. */
  RecordException noText() {
    return RecordException.missingText(
        text.map(column -> "column " + column.getName() + ": expected strings, got " + column)
            .orElse("no column named " + String.join(" or ", fields.text())));
  }

  private static boolean isString(Type column) {
    LogicalTypeAnnotation annotation = column.getLogicalTypeAnnotation();
    return column.isPrimitive()
        && !column.isRepetition(Type.Repetition.REPEATED)
        && column.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && (annotation == null || ParquetValues.isText(annotation));
  }

  /** Hands a row on as a document or as a bad record. */
  void read(Group row, long number, RecordReceiver receiver) {
    RawDocument document;
    try {
      document = document(row, number);
    } catch (RecordException e) {
      receiver.bad(number, e, excerpt(row));
      return;
    }
    receiver.document(document);
  }

  private RawDocument document(Group row, long number) throws RecordException {
    String name = text.orElseThrow().getName();
    if (row.getFieldRepetitionCount(name) == 0) {
      throw RecordException.missingText("column " + name + ": expected a string, got null");
    }
    byte[] bytes = row.getBinary(name, 0).getBytes();
    if (bytes.length > maxDocumentBytes) {
      throw RecordException.tooLarge(bytes.length, maxDocumentBytes);
    }
    String content = unicode.decode(bytes, 0, bytes.length, "column " + name);
    return new RawDocument(number, id(row), source(row), content, meta(row).canonical());
  }

  private String source(Group row) throws RecordException {
    if (fields.source().isEmpty()) {
      return "";
    }
    SourceField source = fields.source().get();
    TreeMap<String, JsonValue> members = new TreeMap<>();
    if (projection.containsField(source.first())) {
      members.put(source.first(), values.of(row, projection.getFieldIndex(source.first())));
    }
    return source.of(members);
  }

  private String id(Group row) throws RecordException {
    if (fields.id().isEmpty()) {
      return "";
    }
    String name = fields.id().orElseThrow();
    JsonValue value =
        projection.containsField(name)
            ? values.of(row, projection.getFieldIndex(name))
            : ParquetValues.NULL;
    if (value instanceof JsonValue.Text found && !found.value().isEmpty()) {
      return found.value();
    }
    if (value instanceof JsonValue.Literal literal && value.kind().equals("a number")) {
      return literal.value();
    }
    throw RecordException.missingId(
        "column " + name + ": expected a string or a number, got " + value.canonical());
  }

  private JsonValue meta(Group row) throws RecordException {
    TreeMap<String, JsonValue> members = new TreeMap<>();
    for (int i = 0; i < projection.getFieldCount(); i++) {
      Type column = projection.getType(i);
      if (!hasRole(column) && fields.checks(column.getName())) {
        members.put(unicode.check(column.getName(), "a column's name"), values.of(row, i));
      }
    }
    return new JsonValue.Members(members);
  }

  /** A bad row's meta, if that can be had. */
  private String excerpt(Group row) {
    try {
      return BadRecord.excerpt(meta(row).canonical());
    } catch (RecordException e) {
      return "";
    }
  }
}
