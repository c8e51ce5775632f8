package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ShardScratch;
import org.millrace.io.shard.ShardWriter;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.TokenIds;
import org.millrace.transforms.data.TokenizedDocument;

/**
 * npy files of documents whose tokens tell where they are from: each is its own number over all
 * files, unless the test has other ones.
 */
final class NpyFolder {

  private static final int VOCABULARY = 1 << 20;

  /** Where documents begin, over all files. */
  private final NavigableMap<Integer, String> documents = new TreeMap<>();

  /** Where files begin, over all files. */
  private final NavigableMap<Integer, String> files = new TreeMap<>();

  private final Path folder;
  private final IntUnaryOperator token;
  private int next;

  NpyFolder(Path folder) {
    this(folder, number -> number);
  }

  /** Files of other tokens, by their numbers. */
  NpyFolder(Path folder, IntUnaryOperator token) {
    this.folder = folder;
    this.token = token;
  }

  /** Adds a file with documents of these lengths. */
  NpyFolder add(String path, int... lengths) throws IOException {
    files.put(next, path);
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    List<TokenizedDocument> list = new ArrayList<>();
    for (int length : lengths) {
      int[] ids = new int[length];
      documents.put(next, path + "/" + list.size());
      for (int i = 0; i < length; i++) {
        ids[i] = token.applyAsInt(next++);
      }
      String id = path + ":" + list.size();
      OrderKey position = new OrderKey(list.size(), 0);
      list.add(new TokenizedDocument(position, id, "", 0, TokenIds.of(ids)));
    }
    try (ShardScratch scratch = ShardScratch.create();
        ShardWriter<TokenizedDocument> writer =
            NpyIO.documents(VOCABULARY).open(scratch, list.size())) {
      for (TokenizedDocument document : list) {
        writer.write(document);
      }
      Files.copy(writer.finish().get(0).path(), file);
    }
    return this;
  }

  String location() {
    return folder.toString();
  }

  /** The document that a token is from. */
  String document(int number) {
    return documents.floorEntry(number).getValue();
  }

  /** The file that a token is from. */
  String file(int number) {
    return files.floorEntry(number).getValue();
  }

  /** How many tokens of its file come before a token. */
  int offset(int number) {
    return number - files.floorKey(number);
  }

  /** How many tokens of its document come before a token. */
  int offsetInDocument(int number) {
    return number - documents.floorKey(number);
  }

  /** All lengths of documents, as an override of a test is handed around. */
  static int[] lengths(int count, int length) {
    int[] lengths = new int[count];
    java.util.Arrays.fill(lengths, length);
    return lengths;
  }

  /** The files' paths. */
  Map<Integer, String> files() {
    return files;
  }
}
