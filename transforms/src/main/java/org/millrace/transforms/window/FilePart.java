package org.millrace.transforms.window;

import java.io.Serializable;

/**
 * Documents of a file that belong to one split.
 *
 * @param path of the file
 * @param group its number among the groups of the file; -1 for the whole file
 * @param from the first document
 * @param to the document behind the last one
 */
public record FilePart(String path, int group, long from, long to) implements Serializable {

  static final int WHOLE = -1;

  /** All documents of a file. */
  static FilePart whole(SourceFile file) {
    return new FilePart(file.path(), WHOLE, 0, file.documents());
  }

  /** What is hashed of it, and named in reports: the path, with the group's number behind a #. */
  public String id() {
    return group == WHOLE ? path : path + "#" + group;
  }

  /** The number of documents. */
  public long documents() {
    return to - from;
  }
}
