package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The messages of an object, wherever they are; version 1.
 *
 * @param start its first bytes
 * @see ObjectHeaderWriter
 */
record ObjectHeader(FileBlock start, List<Message> messages) {

  /** Headers are small; a larger one is damaged. */
  private static final int MAX_BYTES = 1 << 24;

  private static final int MESSAGE_HEAD_BYTES = 8;
  private static final int SHARED = 2;

  /** A message; its body is checked when it is asked for. */
  private record Message(int type, int flags, FileBlock body) {}

  static ObjectHeader read(FileBytes file, long address, String what) throws IOException {
    FileBlock start = file.read(address, ObjectHeaderWriter.PREFIX_BYTES, what);
    if (start.uint8(0) != 1) {
      throw start.unexpected(
          0,
          "version",
          "1, which libver='earliest' in h5py writes (so save the data again)",
          start.uint8(0) == 'O' ? "2 or later" : start.uint8(0));
    }
    int declared = start.uint16(2);
    List<Message> messages = new ArrayList<>();
    Queue<FileBlock> blocks = new ArrayDeque<>();
    long bytes = start.uint32(8);
    blocks.add(file.read(address + ObjectHeaderWriter.PREFIX_BYTES, limited(bytes, start), what));
    while (!blocks.isEmpty()) {
      FileBlock block = blocks.remove();
      for (int at = 0; at + MESSAGE_HEAD_BYTES <= block.length(); ) {
        Message message = message(block, at);
        messages.add(message);
        if (messages.size() > declared) {
          throw block.unexpected(at, "messages", declared, "more");
        }
        at += MESSAGE_HEAD_BYTES + message.body.length();
        if (message.type == MessageType.CONTINUATION) {
          long more = message.body.int64(8);
          bytes += limited(more, message.body);
          limited(bytes, message.body);
          blocks.add(file.read(message.body.int64(0), more, what));
        }
      }
    }
    return new ObjectHeader(start, messages);
  }

  private static Message message(FileBlock block, int at) throws IOException {
    int length = block.uint16(at + 2);
    FileBlock body = block.part(at + MESSAGE_HEAD_BYTES, length);
    return new Message(block.uint16(at), block.uint8(at + 4), body);
  }

  private static long limited(long bytes, FileBlock block) throws IOException {
    if (bytes < 0 || bytes > MAX_BYTES) {
      throw block.unexpected(0, "bytes of messages", "0.." + MAX_BYTES, bytes);
    }
    return bytes;
  }

  /** The bodies of all messages of a type. */
  List<FileBlock> all(int type) throws IOException {
    List<FileBlock> bodies = new ArrayList<>();
    for (Message message : messages) {
      if (message.type == type) {
        if ((message.flags & SHARED) != 0) {
          throw message.body.unexpected(0, "message " + type, "a body", "one shared with others");
        }
        bodies.add(message.body);
      }
    }
    return bodies;
  }

  /** The body of the only message of a type, where there is one. */
  Optional<FileBlock> find(int type) throws IOException {
    List<FileBlock> bodies = all(type);
    if (bodies.size() > 1) {
      throw bodies.get(1).unexpected(0, "messages of type " + type, 1, bodies.size());
    }
    return bodies.stream().findFirst();
  }

  /** The body of the only message of a type, which must be there. */
  FileBlock get(int type, String name) throws IOException {
    Optional<FileBlock> body = find(type);
    if (body.isEmpty()) {
      throw start.unexpected(0, "messages", "one with the " + name, "none");
    }
    return body.get();
  }
}
