package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.millrace.io.column.DType;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFile;

/**
 * A dataset of a file: {@code data}, {@code [rows, 3, length]} or {@code [rows, length]}; or one
 * beside it, {@code [rows, lines, length]}.
 *
 * @param file where it is
 * @param superblock of the file
 * @param header the address of its object header
 * @param dtype of its elements
 * @param rank its number of dimensions
 * @param rows the first dimension
 * @param lines the middle dimension; 1 where there is none
 * @param length the last dimension
 * @param layout where its elements are
 * @param filters of its chunks
 * @param fill the bytes of an element that no one wrote, the first in the lowest bits
 * @param rowCount the attribute {@code n_examples}
 */
record RowDataset(
    StoredFile file,
    Superblock superblock,
    long header,
    DType dtype,
    int rank,
    long rows,
    int lines,
    int length,
    DataLayout layout,
    FilterPipeline filters,
    long fill,
    Optional<Attribute> rowCount) {

  /** Reads all that the file says of the dataset. */
  static RowDataset read(StoredFile file) throws IOException {
    return read(file, Hdf5IO.DATASET)
        .orElseThrow(
            () ->
                new IOException(
                    Finding.of(file.path(), "root group", "a dataset " + Hdf5IO.DATASET, "none")
                        .toString()));
  }

  /** Reads all that the file says of a dataset, where it has one of that name. */
  static Optional<RowDataset> read(StoredFile file, String name) throws IOException {
    try (FileBytes bytes = new FileBytes(file)) {
      Superblock superblock = Superblock.read(bytes);
      ObjectHeader root = ObjectHeader.read(bytes, superblock.rootHeader(), "root group");
      FileBlock table = root.get(MessageType.SYMBOL_TABLE, "symbol table");
      OptionalLong address = new NameTable(bytes, superblock, table).find(name);
      if (address.isEmpty()) {
        return Optional.empty();
      }
      Optional<Attribute> rowCount = Optional.empty();
      for (FileBlock attribute : root.all(MessageType.ATTRIBUTE)) {
        if (Attribute.isNamed(attribute, Hdf5IO.ROW_COUNT)) {
          rowCount = Optional.of(Attribute.decode(attribute));
        }
      }
      ObjectHeader header = ObjectHeader.read(bytes, address.getAsLong(), name);
      return Optional.of(decode(file, superblock, header, rowCount, name.equals(Hdf5IO.DATASET)));
    }
  }

  private static RowDataset decode(
      StoredFile file,
      Superblock superblock,
      ObjectHeader header,
      Optional<Attribute> rowCount,
      boolean rows)
      throws IOException {
    if (header.find(MessageType.EXTERNAL_FILES).isPresent()) {
      throw header.start().unexpected(0, "elements", "in this file", "in external files");
    }
    DType dtype = NumberType.decode(header.get(MessageType.DATATYPE, "datatype"));
    FileBlock space = header.get(MessageType.DATASPACE, "dataspace");
    long[] dimensions = checkedDimensions(space, dtype, rows);
    int rank = dimensions.length;
    Optional<FileBlock> filters = header.find(MessageType.FILTERS);
    Optional<FileBlock> fill = header.find(MessageType.FILL_VALUE);
    RowDataset dataset =
        new RowDataset(
            file,
            superblock,
            header.start().address(),
            dtype,
            rank,
            dimensions[0],
            rank == 2 ? 1 : (int) dimensions[1],
            (int) dimensions[rank - 1],
            DataLayout.decode(header.get(MessageType.LAYOUT, "layout"), rank, dtype.bytes()),
            filters.isEmpty()
                ? FilterPipeline.NONE
                : FilterPipeline.decode(filters.get(), dtype.bytes()),
            fill.isEmpty() ? 0 : FillValue.decode(fill.get(), dtype.bytes()),
            rowCount);
    dataset.checkSize(space);
    return dataset;
  }

  private static long[] checkedDimensions(FileBlock space, DType dtype, boolean rows)
      throws IOException {
    long[] dimensions = Dataspace.decode(space);
    int rank = dimensions.length;
    long lines = rank == 3 && !rows ? Math.max(1, dimensions[1]) : Hdf5IO.LINES;
    boolean shaped = rank == 2 || (rank == 3 && dimensions[1] == lines);
    long most = ChunkShape.MAX_BYTES / (Math.min(lines, ChunkShape.MAX_BYTES) * dtype.bytes());
    if (!shaped || dimensions[rank - 1] < 1 || dimensions[rank - 1] > most) {
      String middle = rows ? "3" : "lines";
      String expected = "[rows, " + middle + ", 1.." + most + "] or [rows, 1.." + most + "]";
      throw space.unexpected(0, "dimensions", expected, Arrays.toString(dimensions));
    }
    return dimensions;
  }

  /** So many rows cannot be in so small a file: without this a damaged number were endless work. */
  private void checkSize(FileBlock space) throws IOException {
    long most = file.bytes() * ChunkDecoder.MAX_DEFLATE_RATIO / rowBytes();
    if (rows > most) {
      String expected = "at most " + most + " in a file of " + file.bytes() + " bytes";
      throw space.unexpected(0, "rows", expected, rows);
    }
    if (layout.chunks().isEmpty()) {
      space.expect(0, "bytes of all rows", layout.bytes(), rows * rowBytes());
    }
  }

  /** The size of a row, before any filter. */
  int rowBytes() {
    return lines * length * dtype.bytes();
  }
}
