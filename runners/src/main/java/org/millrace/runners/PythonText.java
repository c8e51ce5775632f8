package org.millrace.runners;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.retrieval.RetrievalIO;
import org.millrace.io.shard.Manifest;

/** Says how the files of a format are opened in Python, by the libraries that train on them. */
final class PythonText {

  private PythonText() {}

  /**
   * The lines to type, without indent; none for a format without a reader, or without files.
   *
   * @param folder the dataset's, as Python is to open it
   */
  static List<String> of(String folder, Manifest.Output output) {
    if (output.files().isEmpty()) {
      return List.of();
    }
    String first = folder + "/" + output.files().get(0).path();
    return switch (output.format()) {
      case NpyIO.FORMAT -> npy(first, output);
      case MegatronIO.FORMAT -> megatron(first);
      case Hdf5IO.FORMAT ->
          List.of(
              "import h5py",
              "rows = h5py.File(" + literal(first) + ")[\"data\"]",
              "ids, mask, labels = rows[0]");
      case MdsIO.FORMAT -> mds(folder + "/" + output.folder(), output);
      case RetrievalIO.FORMAT ->
          List.of("import json", "passages = [json.loads(line) for line in open(" + literal(first) + ")]");
      default -> List.of();
    };
  }

  private static List<String> npy(String file, Manifest.Output output) {
    boolean documents = output.properties().getOrDefault("layout", "").startsWith("[n]");
    List<String> lines = new ArrayList<>(List.of("import numpy"));
    String load = "numpy.load(" + literal(file) + ", mmap_mode=\"r\")";
    if (documents) {
      lines.add("numbers = " + load);
      lines.add("n = int(numbers[0])");
      lines.add("lengths, tokens = numbers[1 : 1 + n], numbers[1 + n :]");
    } else {
      lines.add("samples = " + load);
    }
    return lines;
  }

  /** Megatron-LM names a pair by what its two files have in common. */
  private static List<String> megatron(String file) {
    String prefix = file.replaceFirst("\\.(idx|bin(\\.[0-9]+)?)$", "");
    List<String> lines = new ArrayList<>();
    if (file.matches(".*\\.bin\\.[0-9]+")) {
      lines.add("# first, in a shell: cat " + shell(prefix) + ".bin.* > " + shell(prefix) + ".bin");
    }
    lines.add("from megatron.core.datasets.indexed_dataset import IndexedDataset");
    lines.add("dataset = IndexedDataset(" + literal(prefix) + ")");
    return lines;
  }

  /** Compressed shards are unpacked on their way to a folder of the trainer's own. */
  private static List<String> mds(String folder, Manifest.Output output) {
    boolean packed =
        !output.properties().getOrDefault("compression", MdsSettings.NONE).equals(MdsSettings.NONE);
    String columns = output.properties().getOrDefault("columns", "");
    String tokens =
        "tokens = dataset[0][\"" + (columns.contains("token_ids ") ? "token_ids" : "tokens") + "\"]";
    // Only StreamingDataset can be told that pickles are safe.
    String unsafe = columns.contains(" pkl") ? ", allow_unsafe_types=True" : "";
    if (packed || !unsafe.isEmpty()) {
      String place =
          packed
              ? "remote=" + literal(folder) + ", local=\"/tmp/unpacked\""
              : "local=" + literal(folder);
      return List.of(
          "from streaming import StreamingDataset",
          "dataset = StreamingDataset(" + place + ", batch_size=1" + unsafe + ")",
          tokens);
    }
    return List.of(
        "from streaming import LocalDataset",
        "dataset = LocalDataset(" + literal(folder) + ")",
        tokens);
  }

  private static String literal(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A word for a shell, in quotes where it needs them. */
  static String shell(String word) {
    return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
