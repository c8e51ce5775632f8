package org.millrace.runners;

import java.util.Locale;

/** Numbers in the form in which people read them. */
final class Amounts {

  private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Amounts() {}

  /** A count with its thousands apart: 1,234,567. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A size to three digits or so: 999 B, 1.2 kB, 34.5 MB, 678 GB. */
  static String bytes(long bytes) {
    return byteRate((double) bytes);
  }

  /** As {@link #bytes}. */
  static String byteRate(double bytes) {
    double amount = bytes;
    int unit = 0;
    // From 999.5 on it would be shown as 1000.
    while (amount >= 999.5 && unit < BYTE_UNITS.length - 1) {
      amount /= 1000;
      unit++;
    }
    String form = unit == 0 || amount >= 99.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, form, amount, BYTE_UNITS[unit]);
  }

  /** A rate to three digits or so: 999, 12.3k, 4.5M. */
  static String rate(double rate) {
    if (rate < 999.5) {
      return String.format(Locale.ROOT, "%.0f", rate);
    }
    boolean thousands = rate < 999_500;
    double amount = rate / (thousands ? 1e3 : 1e6);
    return String.format(
        Locale.ROOT, amount >= 99.95 ? "%.0f%s" : "%.1f%s", amount, thousands ? "k" : "M");
  }

  /** A length of time: 45 s, 12 min 05 s, 3 h 04 min. */
  static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** A count with its noun. */
  static String of(long count, String one, String many) {
    return count(count) + " " + (count == 1 ? one : many);
  }
}
