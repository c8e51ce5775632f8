package org.millrace.io.document;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;

/** Writes Parquet's dates and times as ISO 8601 has them. */
final class ParquetTimes {

  private static final long NANOS_OF_DAY = 86_400_000_000_000L;
  private static final long NANOS_OF_SECOND = 1_000_000_000L;

  /** The Julian day of 1970-01-01, in Impala's INT96 timestamps. */
  private static final long EPOCH_JULIAN_DAY = 2_440_588;

  private ParquetTimes() {}

  /** A date or a time; nothing where the type is another, or the value is no time of day. */
  static Optional<String> of(long value, LogicalTypeAnnotation annotation) {
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return Optional.of(LocalDate.ofEpochDay(value).toString());
    }
    if (annotation instanceof TimestampLogicalTypeAnnotation stamp) {
      return Optional.of(timestamp(value, stamp.getUnit(), stamp.isAdjustedToUTC()));
    }
    if (annotation instanceof TimeLogicalTypeAnnotation time) {
      long unit = unitsOfSecond(time.getUnit());
      boolean ofDay = value >= 0 && value < NANOS_OF_DAY / (NANOS_OF_SECOND / unit);
      return ofDay
          ? Optional.of(LocalTime.ofNanoOfDay(value * (NANOS_OF_SECOND / unit)).toString())
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static String timestamp(long value, TimeUnit unit, boolean utc) {
    long units = unitsOfSecond(unit);
    long seconds = Math.floorDiv(value, units);
    long nanos = Math.floorMod(value, units) * (NANOS_OF_SECOND / units);
    return utc
        ? Instant.ofEpochSecond(seconds, nanos).toString()
        : LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC).toString();
  }

  private static long unitsOfSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000;
      case MICROS -> 1_000_000;
      case NANOS -> NANOS_OF_SECOND;
    };
  }

  /** A timestamp as Impala and old Spark write it: nanoseconds of the day, then the Julian day. */
  static String int96(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = buffer.getLong();
    long days = buffer.getInt() - EPOCH_JULIAN_DAY;
    long seconds = days * (NANOS_OF_DAY / NANOS_OF_SECOND) + Math.floorDiv(nanos, NANOS_OF_SECOND);
    return Instant.ofEpochSecond(seconds, Math.floorMod(nanos, NANOS_OF_SECOND)).toString();
  }
}
