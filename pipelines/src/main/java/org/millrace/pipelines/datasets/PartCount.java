package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.millrace.io.npy.NpyDocuments;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.window.FilePart;
import org.millrace.transforms.window.Windows;

/**
 * What a part of a file has for windows.
 *
 * @param part the documents
 * @param firstToken the number of tokens in the file before them
 * @param tokens in them
 * @param windows that can be cut
 * @param cutDocuments those that windows are cut from; others are too short
 * @param cutTokens their tokens
 */
record PartCount(
    FilePart part,
    long firstToken,
    long tokens,
    long windows,
    long cutDocuments,
    long cutTokens)
    implements Serializable {

  /**
   * A part and how it is cut.
   *
   * @param cut by documents, or over their ends
   */
  record Wanted(FilePart part, WindowCut cut) {}

  /** Counts what parts of one file have; its lengths are read once, nothing else. */
  static List<PartCount> of(StoredFile file, List<Wanted> parts) throws IOException {
    List<Wanted> inOrder = new ArrayList<>(parts);
    inOrder.sort(Comparator.comparingLong(wanted -> wanted.part().from()));
    List<PartCount> counts = new ArrayList<>();
    try (NpyDocuments documents = NpyDocuments.open(file);
        NpyDocuments.Lengths lengths = documents.lengths(0, 0)) {
      long document = 0;
      for (Wanted wanted : inOrder) {
        while (document < wanted.part().from()) {
          lengths.next();
          document++;
        }
        counts.add(of(wanted, lengths));
        document = wanted.part().to();
      }
    }
    return counts;
  }

  private static PartCount of(Wanted wanted, NpyDocuments.Lengths lengths) throws IOException {
    FilePart part = wanted.part();
    Windows windows = wanted.cut().windows();
    long first = lengths.token();
    long count = 0;
    long cutDocuments = 0;
    long cutTokens = 0;
    for (long i = part.from(); i < part.to(); i++) {
      int length = lengths.next();
      long found = windows.count(length);
      count += found;
      cutDocuments += found > 0 ? 1 : 0;
      cutTokens += found > 0 ? length : 0;
    }
    long tokens = lengths.token() - first;
    if (!wanted.cut().overEnds()) {
      return new PartCount(part, first, tokens, count, cutDocuments, cutTokens);
    }
    count = windows.count(tokens);
    return count > 0
        ? new PartCount(part, first, tokens, count, part.documents(), tokens)
        : new PartCount(part, first, tokens, 0, 0, 0);
  }
}
