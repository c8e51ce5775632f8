package org.millrace.io.hdf5;

import java.io.IOException;

/** What the elements are that no one wrote. */
final class FillValue {

  private static final int HAS_VALUE_3 = 0x20;

  private FillValue() {}

  /** The bytes of an element, the first in the lowest bits; zeros where the file does not say. */
  static long decode(FileBlock block, int elementBytes) throws IOException {
    int version = block.uint8(0);
    if (version < 1 || version > 3) {
      throw block.unexpected(0, "version of the fill value", "1, 2 or 3", version);
    }
    boolean defined =
        switch (version) {
          case 1 -> true;
          case 2 -> block.uint8(3) == 1;
          default -> (block.uint8(1) & HAS_VALUE_3) != 0;
        };
    int at = version == 3 ? 2 : 4;
    long value = 0;
    if (defined && block.uint32(at) != 0) {
      block.expect(at, "bytes of the fill value", elementBytes, block.uint32(at));
      for (int i = elementBytes - 1; i >= 0; i--) {
        value = value << Byte.SIZE | block.uint8(at + Integer.BYTES + i);
      }
    }
    return value;
  }
}
