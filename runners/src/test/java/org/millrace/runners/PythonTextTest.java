package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.millrace.io.shard.Manifest;

class PythonTextTest {

  private static List<String> lines(
      String format, Map<String, String> properties, String... files) {
    List<Manifest.File> listed =
        Arrays.stream(files)
            .map(file -> new Manifest.File(format + "/" + file, 1, "ab", 1))
            .toList();
    return PythonText.of(
        "/data/out",
        new Manifest.Output(
            format, format, 1, 1, new TreeMap<>(), new TreeMap<>(properties), listed));
  }

  @Test
  void npyOfSequences() {
    assertThat(
        lines("npy", Map.of("layout", "[samples, 4]"), "shard-00000.npy"),
        contains(
            "import numpy",
            "samples = numpy.load(\"/data/out/npy/shard-00000.npy\", mmap_mode=\"r\")"));
  }

  @Test
  void npyOfDocuments() {
    assertThat(
        lines("npy", Map.of("layout", "[n][lengths][tokens]"), "a \"b\".npy"),
        contains(
            "import numpy",
            "numbers = numpy.load(\"/data/out/npy/a \\\"b\\\".npy\", mmap_mode=\"r\")",
            "n = int(numbers[0])",
            "lengths, tokens = numbers[1 : 1 + n], numbers[1 + n :]"));
  }

  @Test
  void megatronByThePrefixOfAPair() {
    assertThat(
        lines("megatron", Map.of(), "s-00000_text_document.bin", "s-00000_text_document.idx"),
        contains(
            "from megatron.core.datasets.indexed_dataset import IndexedDataset",
            "dataset = IndexedDataset(\"/data/out/megatron/s-00000_text_document\")"));
  }

  @Test
  void megatronInPartsIsJoinedFirst() {
    String prefix = "/data/out/megatron/s_text_document";
    assertThat(
        lines("megatron", Map.of(), "s_text_document.bin.000", "s_text_document.bin.001"),
        contains(
            "# first, in a shell: cat " + prefix + ".bin.* > " + prefix + ".bin",
            "from megatron.core.datasets.indexed_dataset import IndexedDataset",
            "dataset = IndexedDataset(\"" + prefix + "\")"));
  }

  @Test
  void hdf5() {
    assertThat(
        lines("hdf5", Map.of(), "data-00000.h5"),
        contains(
            "import h5py",
            "rows = h5py.File(\"/data/out/hdf5/data-00000.h5\")[\"data\"]",
            "ids, mask, labels = rows[0]"));
  }

  @Test
  void mds() {
    assertThat(
        lines("mds", Map.of("compression", "none"), "shard.00000.mds", "index.json"),
        contains(
            "from streaming import LocalDataset",
            "dataset = LocalDataset(\"/data/out/mds\")",
            "tokens = dataset[0][\"tokens\"]"));
  }

  @Test
  void compressedMdsIsUnpackedElsewhere() {
    assertThat(
        lines("mds", Map.of("compression", "zstd:7"), "shard.00000.mds.zstd", "index.json"),
        contains(
            "from streaming import StreamingDataset",
            "dataset = StreamingDataset(remote=\"/data/out/mds\", local=\"/tmp/unpacked\","
                + " batch_size=1)",
            "tokens = dataset[0][\"tokens\"]"));
  }

  @Test
  void nothingOfNothing() {
    assertThat(lines("npy", Map.of()), empty());
    assertThat(lines("other", Map.of(), "a.other"), empty());
  }
}
