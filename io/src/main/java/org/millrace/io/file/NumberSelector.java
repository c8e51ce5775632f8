package org.millrace.io.file;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Selects files by the number in their names: {@code number mod modulus == remainder}. Parts of one
 * set of files, as its even and its odd half, are had without links or copies.
 *
 * <p>A file's number is the last run of digits in its name, folders and suffixes left out: 7 in
 * {@code data-00007.h5}, {@code shard.00007.mds} and {@code chunk1/example_train_7.jsonl.zst}. In a
 * name that says how many files there are, {@code train-00007-of-00059.parquet}, it is the one
 * before {@code -of-}.
 *
 * @param modulus how many parts there are, 1 or more
 * @param remainder which of them, 0 to {@code modulus - 1}
 */
public record NumberSelector(int modulus, int remainder) implements Serializable {

  private static final Pattern SUFFIXES = Pattern.compile("(\\.[A-Za-z][A-Za-z0-9]*)+$");

  private static final Pattern NUMBER = Pattern.compile("([0-9]+)(-of-[0-9]+)?[^0-9]*$");

  public NumberSelector {
    checkArgument(modulus >= 1, "modulus must be 1 or more, was %s", modulus);
    checkArgument(
        remainder >= 0 && remainder < modulus,
        "remainder must be in 0..%s, one less than the modulus, was %s",
        modulus - 1,
        remainder);
  }

  /**
   * Whether a file is selected.
   *
   * @param path its path, with slashes
   * @throws IllegalArgumentException where its name holds no number
   */
  public boolean selects(String path) {
    return numberOf(path).mod(BigInteger.valueOf(modulus)).intValue() == remainder;
  }

  private BigInteger numberOf(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    Matcher number = NUMBER.matcher(SUFFIXES.matcher(name).replaceFirst(""));
    if (!number.find()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: files are selected by number mod %d == %d, and its name holds no number as in"
                  + " data-00007; rename it, leave it out, or select nothing",
              path,
              modulus,
              remainder));
    }
    return new BigInteger(number.group(1));
  }
}
