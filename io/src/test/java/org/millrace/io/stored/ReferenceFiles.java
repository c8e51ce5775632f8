package org.millrace.io.stored;

/** What the reference files, which the real writers wrote, hold: see the README beside them. */
public final class ReferenceFiles {

  private ReferenceFiles() {}

  /** The generator of their values. */
  public static int[] stream(long seed, int count, int mod) {
    int[] values = new int[count];
    long x = seed;
    for (int i = 0; i < count; i++) {
      x = (1103515245L * x + 12345) & 0x7FFFFFFF;
      values[i] = (int) ((x >> 8) % mod);
    }
    return values;
  }
}
