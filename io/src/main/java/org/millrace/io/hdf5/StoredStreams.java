package org.millrace.io.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fetches zlib streams from the places where they are stored. Not for several threads. */
final class StoredStreams implements Closeable {

  /** Few enough for a process with many such writers and a limit of 1,024 open files. */
  private static final int MOST_OPEN = 32;

  private final Hdf5Rows rows;
  private final StreamCheck check;
  // In the order of use: the first is the one that has not been used for longest.
  private final LinkedHashMap<Integer, FileBytes> open = new LinkedHashMap<>(64, 0.75f, true);

  StoredStreams(Hdf5Rows rows, boolean checked) {
    this.rows = rows;
    this.check = new StreamCheck(rows.length(), checked);
  }

  /** The row with its stream. */
  Hdf5Row fetch(Hdf5Row row) throws IOException {
    FileBlock stream = file(row.file()).read(row.address(), row.bytes(), "row's zlib stream");
    check.check(stream);
    return row.with(stream.data().array());
  }

  private FileBytes file(int number) throws IOException {
    FileBytes file = open.get(number);
    if (file == null) {
      file = new FileBytes(rows.files().get(number).stored());
      open.put(number, file);
      if (open.size() > MOST_OPEN) {
        Iterator<Map.Entry<Integer, FileBytes>> oldest = open.entrySet().iterator();
        FileBytes unused = oldest.next().getValue();
        oldest.remove();
        unused.close();
      }
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    check.close();
    for (FileBytes file : open.values()) {
      file.close();
    }
  }
}
