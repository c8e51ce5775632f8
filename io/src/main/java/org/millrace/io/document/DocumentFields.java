package org.millrace.io.document;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which fields of a record, or columns of a table, are text, id and meta.
 *
 * <pre>{@code
 * DocumentFields fields = DocumentFields.defaults().withText("body").withId("url").withoutMeta();
 * }</pre>
 */
public final class DocumentFields implements Serializable {

  private static final DocumentFields DEFAULTS =
      new DocumentFields(List.of("text", "content"), null, null, null, false, true);

  private final List<String> text;
  private final @Nullable String id;
  private final @Nullable List<String> meta;
  private final @Nullable SourceField source;
  private final boolean bareTexts;
  private final boolean metaUsed;

  private DocumentFields(
      List<String> text,
      @Nullable String id,
      @Nullable List<String> meta,
      @Nullable SourceField source,
      boolean bareTexts,
      boolean metaUsed) {
    this.text = text;
    this.id = id;
    this.meta = meta;
    this.source = source;
    this.bareTexts = bareTexts;
    this.metaUsed = metaUsed;
  }

  /** Text is {@code text} or {@code content}, the id is the record's place, all else is meta. */
  public static DocumentFields defaults() {
    return DEFAULTS;
  }

  /** The fields that may hold the text: the first of them that a record has does. */
  public DocumentFields withText(String... names) {
    return withText(List.of(names));
  }

  /** The fields that may hold the text: the first of them that a record has does. */
  public DocumentFields withText(List<String> names) {
    checkArgument(!names.isEmpty(), "text fields: at least one name is needed, got none");
    return new DocumentFields(List.copyOf(names), id, meta, source, bareTexts, metaUsed);
  }

  /** The field that holds the id. */
  public DocumentFields withId(String name) {
    checkArgument(!name.isEmpty(), "id field: a name is needed, got an empty one");
    return new DocumentFields(text, name, meta, source, bareTexts, metaUsed);
  }

  /** The only fields that are kept as meta. */
  public DocumentFields withMeta(List<String> names) {
    return new DocumentFields(text, id, List.copyOf(names), source, bareTexts, metaUsed);
  }

  /**
   * The field that holds a record's source, in place of its file's folder. A record without it is
   * bad.
   *
   * @param path its name, or where it is in another one, names with dots between
   * @param known the only sources that there may be; where it is empty, any may
   */
  public DocumentFields withSource(String path, List<String> known) {
    return new DocumentFields(text, id, meta, SourceField.of(path, known), bareTexts, metaUsed);
  }

  /**
   * A line of JSON may also be the text itself, as a string; and a list of strings is a text, with
   * an empty line between each two of them.
   */
  public DocumentFields withBareTexts() {
    return new DocumentFields(text, id, meta, source, true, metaUsed);
  }

  /** No field is kept as meta. */
  public DocumentFields withoutMeta() {
    return withMeta(List.of());
  }

  /**
   * The same fields where nobody asks for what is kept as meta: a record is good or bad as before,
   * but the meta of documents may be empty, which is faster.
   */
  public DocumentFields withMetaUnused() {
    return new DocumentFields(text, id, meta, source, bareTexts, false);
  }

  /** The fields that may hold the text, the first of them first. */
  public List<String> text() {
    return text;
  }

  /** The field that holds the id; nothing where a record's place is its id. */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /** The fields that are kept as meta; nothing where all are that are neither text nor id. */
  public Optional<List<String>> meta() {
    return Optional.ofNullable(meta);
  }

  Optional<SourceField> source() {
    return Optional.ofNullable(source);
  }

  boolean bareTexts() {
    return bareTexts;
  }

  /** Whether a field that is neither text nor id is kept. */
  boolean keeps(String name) {
    return metaUsed && checks(name);
  }

  /** Whether a field that is neither text nor id must be as one that is kept. */
  boolean checks(String name) {
    return meta == null || meta.contains(name);
  }

  /** Whether no document has any meta. */
  boolean keepsNothing() {
    return !metaUsed || (meta != null && meta.isEmpty());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "text %s, id %s, meta %s, source %s%s",
        text,
        id == null ? "by place" : id,
        meta == null ? "all" : meta,
        source == null ? "by folder" : source,
        bareTexts ? ", bare texts" : "");
  }
}
