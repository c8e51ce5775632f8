package org.millrace.io.hdf5;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What was done to each chunk before it was stored, first step first.
 *
 * @param filters their identifiers
 */
record FilterPipeline(List<Integer> filters) {

  static final int DEFLATE = 1;
  static final int SHUFFLE = 2;
  static final int FLETCHER32 = 3;

  /** The flag of a filter that may be left out where it does not help. */
  static final int OPTIONAL = 1;

  /** Chunks as they are. */
  static final FilterPipeline NONE = new FilterPipeline(List.of());

  /** From here on filters are not those of the library; in version 2 only these have names. */
  private static final int FIRST_FOREIGN = 256;

  FilterPipeline {
    filters = List.copyOf(filters);
  }

  /** For people. */
  String names() {
    List<String> names = new ArrayList<>();
    for (int filter : filters) {
      names.add(filter == DEFLATE ? "deflate" : filter == SHUFFLE ? "shuffle" : "fletcher32");
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  static FilterPipeline decode(FileBlock block, int elementBytes) throws IOException {
    int version = block.uint8(0);
    if (version != 1 && version != 2) {
      throw block.unexpected(0, "version of the filters", "1 or 2", version);
    }
    List<Integer> filters = new ArrayList<>();
    int count = block.uint8(1);
    int at = version == 1 ? 8 : 2;
    for (int i = 0; i < count; i++) {
      int id = block.uint16(at);
      boolean known = id == DEFLATE || id == SHUFFLE || id == FLETCHER32;
      if (!known || filters.contains(id)) {
        String expected = "deflate (1), shuffle (2), fletcher32 (3), each once";
        throw block.unexpected(at, "filter", expected, id);
      }
      boolean named = version == 1 || id >= FIRST_FOREIGN;
      int nameBytes = named ? ObjectHeaderWriter.padded(block.uint16(at + 2)) : 0;
      int fixed = named ? 8 : 6;
      int values = block.uint16(at + fixed - 2);
      int valuesAt = at + fixed + nameBytes;
      if (id == SHUFFLE && values > 0) {
        block.expect(valuesAt, "bytes to shuffle", elementBytes, block.uint32(valuesAt));
      }
      filters.add(id);
      int odd = version == 1 ? values % 2 : 0;
      at = valuesAt + Integer.BYTES * (values + odd);
    }
    return new FilterPipeline(filters);
  }

  /** Whether a step was left out of a chunk. */
  static boolean skipped(int step, long filterMask) {
    return (filterMask >>> step & 1) != 0;
  }
}
