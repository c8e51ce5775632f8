package org.millrace.io.hdf5;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Puts an object header of version 1 together.
 *
 * <pre>
 * ObjectHeader --> Version, 0 uint8, MessageCount, 1 uint32, Size, 0 uint32, Message*
 *   Version      --> uint8 = 1
 *   MessageCount --> uint16: those behind continuations too      Size --> uint32: of the messages
 * Message --> Type, BodySize, Flags, 0 uint8^3, Body
 *   Type  --> uint16      BodySize --> uint16, a multiple of 8      Flags --> uint8: 1 if constant
 * </pre>
 *
 * All little-endian.
 *
 * @see MessageType
 */
final class ObjectHeaderWriter {

  /** The flag of a message that never changes. */
  static final int CONSTANT = 1;

  /** The bytes before the first message. */
  static final int PREFIX_BYTES = 16;

  private static final int MESSAGE_HEAD_BYTES = 8;

  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
  private int count;

  /** Appends a message. */
  ObjectHeaderWriter add(int type, int flags, byte[] body) {
    int size = padded(body.length);
    ByteBuffer message = ByteBuffer.allocate(MESSAGE_HEAD_BYTES + size);
    message
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) type)
        .putShort((short) size)
        .putInt(flags)
        .put(body);
    messages.writeBytes(message.array());
    count++;
    return this;
  }

  /** Leaves room up to {@code bytes} of messages, as the HDF5 library does. */
  ObjectHeaderWriter fillTo(int bytes) {
    int body = bytes - messages.size() - MESSAGE_HEAD_BYTES;
    return body < 0 ? this : add(MessageType.NIL, 0, new byte[body]);
  }

  /** The messages alone. */
  byte[] messages() {
    return messages.toByteArray();
  }

  /**
   * The header.
   *
   * @param elsewhere how many of the object's messages are behind its continuations
   */
  byte[] header(int elsewhere) {
    return ByteBuffer.allocate(PREFIX_BYTES + messages.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) 1)
        .putShort((short) (count + elsewhere))
        .putInt(1)
        .putInt(messages.size())
        .putInt(0)
        .put(messages.toByteArray())
        .array();
  }

  /** The next multiple of 8. */
  static int padded(int bytes) {
    return (bytes + 7) & ~7;
  }
}
