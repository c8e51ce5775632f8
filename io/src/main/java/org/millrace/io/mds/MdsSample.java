package org.millrace.io.mds;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredSample;
import org.millrace.transforms.data.TokenIds;

/** A sample of a shard; its values are decoded when they are asked for. */
final class MdsSample implements StoredSample {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final RawShard shard;
  private final long number;
  private final long offset;
  private final ByteBuffer bytes;
  private final List<Encoding> encodings;

  /** Where values begin in the sample; the last entry is the sample's size. Empty when damaged. */
  private final Optional<int[]> starts;

  /**
   * Takes the bytes of a sample.
   *
   * @param offset of the sample in its shard
   */
  MdsSample(RawShard shard, long number, long offset, ByteBuffer bytes) {
    this.shard = shard;
    this.number = number;
    this.offset = offset;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.encodings = shard.config().encodings();
    this.starts = starts();
  }

  private Optional<int[]> starts() {
    int[] found = new int[encodings.size() + 1];
    long at =
        Integer.BYTES * encodings.stream().filter(encoding -> encoding.size().isEmpty()).count();
    int lengthAt = 0;
    for (int i = 0; i < encodings.size(); i++) {
      if (at > bytes.limit()) {
        return Optional.empty();
      }
      found[i] = (int) at;
      OptionalInt size = encodings.get(i).size();
      if (size.isPresent()) {
        at += size.getAsInt();
      } else {
        at += bytes.getInt(lengthAt) & 0xFFFF_FFFFL;
        lengthAt += Integer.BYTES;
      }
    }
    found[encodings.size()] = bytes.limit();
    return at == bytes.limit() ? Optional.of(found) : Optional.empty();
  }

  /** Makes sure that the values take all of the sample, and no more. */
  void checkLengths() throws IOException {
    if (starts.isEmpty()) {
      String what = "sample " + number + ": lengths of values";
      throw RawShard.damaged(
          shard.file(), offset, what, "a sum of " + bytes.limit() + " bytes", "another");
    }
  }

  long number() {
    return number;
  }

  @Override
  public List<Column> columns() {
    return shard.config().columns();
  }

  /** Where the value of a column begins in the shard. */
  long offset(int column) throws IOException {
    checkLengths();
    return offset + starts.orElseThrow()[column];
  }

  @Override
  public Optional<ByteBuffer> encoded(int column) {
    return starts.map(
        at -> bytes.slice(at[column], at[column + 1] - at[column]).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public Object value(int column) throws IOException {
    checkLengths();
    ByteBuffer value = encoded(column).orElseThrow();
    try {
      return encodings.get(column).decode(value);
    } catch (IOException e) {
      throw new IOException(
          new Finding(shard.file().path(), at(column) + ": " + e.getMessage()).toString(), e);
    }
  }

  /** As for every format; and lists of JSON, which may be empty where arrays may not. */
  @Override
  public TokenIds ids(String column, String where) throws IOException {
    Optional<Integer> index = index(column);
    if (index.isEmpty() || !columns().get(index.get()).type().equals("json")) {
      return StoredSample.super.ids(column, where);
    }
    JsonNode list = JSON.readTree((String) value(index.get()));
    int[] ids = new int[list.isArray() ? list.size() : 0];
    boolean whole = list.isArray();
    for (int i = 0; i < ids.length; i++) {
      whole &= list.get(i).isInt() && list.get(i).asInt() >= 0;
      ids[i] = Math.max(0, list.get(i).asInt());
    }
    if (!whole) {
      String got = Excerpt.of(list.toString());
      throw new IOException(where + ": column " + column + ": expected a list of ids, got " + got);
    }
    return TokenIds.wrap(ids);
  }

  /** Says where a value is. */
  String at(int column) throws IOException {
    return "offset " + offset(column) + ": sample " + number + ", column " + columns().get(column);
  }
}
