package org.millrace.runners;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.io.npy.DocumentChunks;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;

/** Documents and chunks of npy files by domain: what CEPE's sanity check was to tell. */
final class ChunkTable {

  private static final String FOLDER = NpyIO.FORMAT + "/";

  private ChunkTable() {}

  /** Whether the files of a dataset are those that such a table is of. */
  static boolean isMeantFor(Manifest manifest) {
    return manifest.header().recipe().matches("(?s).*\"pipeline\"\\s*:\\s*\"cepe-tokenize\".*");
  }

  /**
   * The table.
   *
   * @param folder with npy files of documents, in folders of their domains
   * @param length of a chunk in tokens
   * @throws IOException where a file does not hold documents
   */
  static String of(StoredFolder folder, int length) throws IOException {
    List<StoredFile> files =
        folder.files().stream().filter(file -> file.path().endsWith(".npy")).toList();
    List<DocumentChunks> counts = new ArrayList<>();
    InOrder.forEach(
        files, InOrder.allThreads(), file -> DocumentChunks.of(file, length), counts::add);
    Map<String, DocumentChunks> domains = new TreeMap<>();
    Map<String, Integer> sizes = new TreeMap<>();
    DocumentChunks sum = DocumentChunks.NONE;
    for (int i = 0; i < files.size(); i++) {
      String domain = domain(files.get(i).path());
      domains.merge(domain, counts.get(i), DocumentChunks::plus);
      sizes.merge(domain, 1, Integer::sum);
      sum = sum.plus(counts.get(i));
    }
    TextTable table =
        TextTable.of(
            "DOMAIN", "FILES", "DOCUMENTS", "TOKENS", "CHUNKS OF " + Amounts.count(length));
    domains.forEach(
        (domain, found) ->
            table.row(
                domain, sizes.get(domain), found.documents(), found.tokens(), found.chunks()));
    table.row("in all", files.size(), sum.documents(), sum.tokens(), sum.chunks());
    return table.text();
  }

  /** The first folder, which is not that of the format. */
  private static String domain(String path) {
    String inner = path.startsWith(FOLDER) ? path.substring(FOLDER.length()) : path;
    int slash = inner.indexOf('/');
    return slash < 0 ? "." : inner.substring(0, slash);
  }
}
