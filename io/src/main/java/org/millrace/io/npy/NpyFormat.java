package org.millrace.io.npy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millrace.io.column.Column;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;

/**
 * Finds and opens npy files: two dimensions are sequences, one is {@code [n][lengths][tokens]}.
 * Arrays that belong to sequences are in files beside theirs.
 */
record NpyFormat() implements StoredFormat {

  /** The names of arrays that may stand in files beside the tokens. */
  private static final List<String> ARRAYS = List.of(Column.TARGET_INDEX, Column.TARGET_PROB);

  /** No sample has more: a larger one is a damaged file. */
  private static final long MAX_ELEMENTS = NpyArray.MAX_IDS;

  @Override
  public String name() {
    return NpyIO.FORMAT;
  }

  @Override
  public List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings) {
    List<List<StoredFile>> shards = new ArrayList<>();
    for (StoredFile file : folder.files()) {
      if (file.path().endsWith(NpyIO.EXTENSION) && owner(file, folder).isEmpty()) {
        shards.add(withArrays(file, folder, findings));
      }
    }
    return shards;
  }

  private static String stem(StoredFile file) {
    return file.path().substring(0, file.path().length() - NpyIO.EXTENSION.length());
  }

  /** The file of tokens beside which a file has an array. */
  private static Optional<StoredFile> owner(StoredFile file, StoredFolder folder) {
    String stem = stem(file);
    return ARRAYS.stream()
        .filter(name -> stem.endsWith("." + name))
        .map(name -> stem.substring(0, stem.length() - name.length() - 1) + NpyIO.EXTENSION)
        .flatMap(path -> folder.find(path).stream())
        .findFirst();
  }

  private static List<StoredFile> withArrays(
      StoredFile file, StoredFolder folder, Consumer<Finding> findings) {
    List<StoredFile> files = new ArrayList<>(List.of(file));
    List<String> missing = new ArrayList<>();
    for (String name : ARRAYS) {
      String path = stem(file) + "." + name + NpyIO.EXTENSION;
      folder.find(path).ifPresentOrElse(files::add, () -> missing.add(path));
    }
    if (files.size() > 1 && !missing.isEmpty()) {
      findings.accept(Finding.of(files.get(1).path(), "beside it", missing.get(0), "none"));
    }
    return files;
  }

  /** What stands between the last dots of the file of an array. */
  static String column(StoredFile file) {
    String stem = stem(file);
    return stem.substring(stem.lastIndexOf('.') + 1);
  }

  @Override
  public ShardReader open(List<StoredFile> files) throws IOException {
    NpyArray array = NpyArray.open(files.get(0));
    boolean whole = array.dtype().isInteger();
    if (whole && array.shape().size() == 2 && array.shape().get(1) <= NpyArray.MAX_IDS) {
      List<NpyArray> arrays = new ArrayList<>();
      for (StoredFile file : files.subList(1, files.size())) {
        arrays.add(besides(array, NpyArray.open(file)));
      }
      return new NpySequenceReader(array, arrays);
    }
    if (whole && array.shape().size() == 1 && array.elements() > 0) {
      return NpyDocumentReader.open(array);
    }
    throw new IOException(
        Finding.of(
                array.file().path(),
                "array",
                "whole numbers: [samples, length up to "
                    + NpyArray.MAX_IDS
                    + "] or [1 + documents + tokens]",
                array.shape() + " of " + array.dtype().label())
            .toString());
  }

  private static NpyArray besides(NpyArray tokens, NpyArray array) throws IOException {
    List<Long> shape = array.shape();
    long each = shape.stream().skip(1).reduce(1L, (a, b) -> a * Math.min(b, MAX_ELEMENTS));
    if (shape.size() < 2 || !shape.get(0).equals(tokens.shape().get(0)) || each > MAX_ELEMENTS) {
      String expected = "[" + tokens.shape().get(0) + ", ...], as many samples as the tokens";
      throw new IOException(Finding.of(array.file().path(), "shape", expected, shape).toString());
    }
    return array;
  }
}
