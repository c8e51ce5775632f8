package org.millrace.io.document;

import java.util.Locale;
import java.util.Optional;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Splitter;

/** The formats that documents are read from. */
public enum DocumentFormat {
  /** Each file's format is told by its name. */
  AUTO(""),
  /** A JSON object a line; {@code .jsonl}, {@code .ndjson}, {@code .json}. */
  JSONL("jsonl ndjson json"),
  /** A row a document; {@code .parquet}. */
  PARQUET("parquet"),
  /** A file a document; {@code .txt}. */
  TEXT("txt");

  private static final Splitter SPACES = Splitter.on(' ');

  private final String suffixes;

  DocumentFormat(String suffixes) {
    this.suffixes = suffixes;
  }

  /** A file's name without the suffixes that tell its compression and format. */
  static String bareName(String name) {
    String bare = name.substring(0, name.length() - Compression.ofName(name).suffix().length());
    String lower = bare.toLowerCase(Locale.ROOT);
    for (DocumentFormat format : values()) {
      for (String suffix : SPACES.split(format.suffixes)) {
        if (!suffix.isEmpty() && lower.endsWith("." + suffix)) {
          return bare.substring(0, bare.length() - suffix.length() - 1);
        }
      }
    }
    return bare;
  }

  /** The format that a file's name tells, behind which the suffix of a compression may stand. */
  static Optional<DocumentFormat> ofName(String name) {
    Compression compression = Compression.ofName(name);
    String lower = name.toLowerCase(Locale.ROOT);
    String bare = lower.substring(0, lower.length() - compression.suffix().length());
    for (DocumentFormat format : values()) {
      for (String suffix : SPACES.split(format.suffixes)) {
        boolean named = !suffix.isEmpty() && bare.endsWith("." + suffix);
        if (named && (format != PARQUET || compression == Compression.NONE)) {
          return Optional.of(format);
        }
      }
    }
    return Optional.empty();
  }

  /** This format, or where it is {@link #AUTO}, the one that the name tells. */
  Optional<DocumentFormat> of(String name) {
    return this == AUTO ? ofName(name) : Optional.of(this);
  }

  /** Whether a file of this format and name can be read in ranges. */
  boolean splits(String name) {
    return (this == JSONL || this == PARQUET) && Compression.ofName(name) == Compression.NONE;
  }
}
