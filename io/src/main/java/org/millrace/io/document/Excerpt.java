package org.millrace.io.document;

import java.util.Arrays;
import org.millrace.transforms.data.BadRecord;

/** The beginning of a record, as the failures output keeps it. */
final class Excerpt {

  private Excerpt() {}

  /** What is not UTF-8 becomes U+FFFD. */
  static String of(byte[] bytes, int from, int length) {
    byte[] kept = Arrays.copyOfRange(bytes, from, from + Math.min(length, BadRecord.RECORD_LIMIT));
    return BadRecord.excerpt(kept, kept.length);
  }
}
