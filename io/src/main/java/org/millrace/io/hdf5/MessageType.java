package org.millrace.io.hdf5;

/**
 * Kinds of messages in an object header, by their numbers in the HDF5 File Format Specification,
 * section IV.A.2.
 */
final class MessageType {

  static final int NIL = 0x00;
  static final int DATASPACE = 0x01;
  static final int DATATYPE = 0x03;
  static final int FILL_VALUE = 0x05;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int FILTERS = 0x0B;
  static final int ATTRIBUTE = 0x0C;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;

  private MessageType() {}
}
