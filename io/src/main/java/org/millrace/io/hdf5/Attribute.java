package org.millrace.io.hdf5;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.millrace.io.column.DType;

/**
 * A whole number that says something of a group.
 *
 * @param address where it stands
 */
record Attribute(long address, long value) {

  /** Whether a message is the attribute of a name. */
  static boolean isNamed(FileBlock block, String name) throws IOException {
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    if (block.uint16(2) != bytes.length) {
      return false;
    }
    byte[] found = new byte[bytes.length];
    block.part(headBytes(block), bytes.length).data().get(found);
    return Arrays.equals(found, bytes);
  }

  private static int headBytes(FileBlock block) throws IOException {
    int version = block.uint8(0);
    if (version < 1 || version > 3) {
      throw block.unexpected(0, "version of the attribute", "1, 2 or 3", version);
    }
    return version == 3 ? 9 : 8;
  }

  static Attribute decode(FileBlock block) throws IOException {
    int version = block.uint8(0);
    if (version > 1 && block.uint8(1) != 0) {
      throw block.unexpected(1, "attribute", "its own datatype", "a shared one");
    }
    int type = headBytes(block) + bytes(version, block.uint16(2));
    int space = type + bytes(version, block.uint16(4));
    int value = space + bytes(version, block.uint16(6));
    DType dtype = NumberType.decode(block.part(type, block.uint16(4)));
    for (long dimension : Dataspace.decode(block.part(space, block.uint16(6)))) {
      block.expect(space, "numbers in the attribute", 1, dimension);
    }
    FileBlock number = block.part(value, dtype.bytes());
    return new Attribute(number.address(), dtype.get(number.data(), 0));
  }

  private static int bytes(int version, int bytes) {
    return version == 1 ? ObjectHeaderWriter.padded(bytes) : bytes;
  }
}
