package org.millrace.io.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.document.InputCount;
import org.millrace.transforms.ledger.Ledger;

/**
 * What a dataset is: recipe, tokenizer, inputs, ledger, files. The file {@value #FILE_NAME} is
 * written last, so that who finds it may trust all else; it holds nothing that differs between
 * equal runs (no time, host, runner, absolute path).
 *
 * <pre>
 * {"inputs": [{"bytes", "documents", "path"}],              path relative to the input's root
 *  "ledger": [{"bytes", "documents", "reason", "source", "step", "tokens"}],
 *  "outputs": [{"counts": {...}, "files": [{"bytes", "path", "samples", "sha256"}],
 *               "folder", "format", "properties": {...}, "samples", "tokens"}],
 *  "recipe": {...}, "recipe_sha256",
 *  "reports": {...},                        what steps have found out; absent where there is nothing
 *  "tokenizer": {"engine", "name", "sha256", "vocabulary_size"},   absent where it is not known
 *  "version": 1}
 * </pre>
 *
 * @param header recipe and tokenizer
 * @param inputs the files read, by path
 * @param ledger what became of every document
 * @param outputs one for each format; where the dataset has parts, for each format of each part
 * @param reports what steps have found out, by name: a JSON object each
 */
public record Manifest(
    ManifestHeader header,
    List<InputCount> inputs,
    Ledger ledger,
    List<Output> outputs,
    SortedMap<String, String> reports)
    implements Serializable {

  /** The name of the manifest in a dataset's folder. */
  public static final String FILE_NAME = "manifest.json";

  /** The version of the manifest's own form. */
  public static final int VERSION = 1;

  public Manifest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
  }

  /** A manifest without reports. */
  public Manifest(
      ManifestHeader header, List<InputCount> inputs, Ledger ledger, List<Output> outputs) {
    this(header, inputs, ledger, outputs, new TreeMap<>());
  }

  /**
   * The dataset in one format.
   *
   * @param format its name, as "npy"
   * @param folder where its files are, relative to the manifest
   * @param samples the number of samples
   * @param tokens the number of tokens that come from documents
   * @param counts whatever else the format counts
   * @param properties facts that a reader wants to know, as "dtype"
   * @param files all files, in order; a shard without samples has none
   */
  public record Output(
      String format,
      String folder,
      long samples,
      long tokens,
      SortedMap<String, Long> counts,
      SortedMap<String, String> properties,
      List<File> files)
      implements Serializable {

    /** The name of its part; empty where the dataset is not parted. */
    public String part() {
      return folder.startsWith(format + "/") ? folder.substring(format.length() + 1) : "";
    }
  }

  /**
   * A file of the dataset.
   *
   * @param path relative to the manifest
   * @param bytes its size
   * @param sha256 of its bytes, in hexadecimal
   * @param samples the samples in its shard; 0 for an index over all shards
   */
  public record File(String path, long bytes, String sha256, long samples)
      implements Serializable {}

  /** The manifest as JSON in UTF-8: keys sorted, two blanks of indent, a line break at the end. */
  public byte[] toJson() {
    return ManifestJson.write(this);
  }

  /**
   * Reads a manifest.
   *
   * @param json what {@link #toJson} wrote
   * @param name what to call it in an error
   * @throws IOException if it is no manifest: with its name, what was expected and what was found
   */
  public static Manifest parse(byte[] json, String name) throws IOException {
    return ManifestJson.read(json, name);
  }
}
