package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;
import org.millrace.pipelines.recipe.ShardCount;

/** What a dataset pipeline writes, and how; the section {@code output} of a recipe. */
public record OutputSettings(
    @Setting(
            doc = "The formats, each in a folder of its name; all are written in one pass.",
            defaultsTo = "[npy]")
        List<OutputFormat> formats,
    @Setting(
            doc =
                "How many shards; their concatenation does not depend on it. input_files makes one"
                    + " of each input file, in npy and megatron named after it; it needs documents"
                    + " in their own order.",
            defaultsTo = "8",
            min = 1,
            max = 100_000)
        ShardCount numShards,
    @Setting(
            doc =
                "Whether the dataset has parts, each in a folder of its own with num_shards shards:"
                    + " source makes one of each source, and packs it apart from the others.",
            defaultsTo = "none")
        Parts parts,
    @Setting(doc = "How npy is written, where it is among the formats.") Npy npy,
    @Setting(doc = "How megatron is written, where it is among the formats.") Megatron megatron,
    @Setting(doc = "How hdf5 is written, where it is among the formats.") Hdf5 hdf5,
    @Setting(doc = "How mds is written, where it is among the formats.") Mds mds) {

  /** How a dataset is parted. */
  public enum Parts {
    NONE,
    SOURCE
  }

  /** A format of shards. */
  public enum OutputFormat {
    NPY,
    MEGATRON,
    HDF5,
    MDS
  }

  /** How npy is written. */
  public record Npy(
      @Setting(
              doc =
                  "The type of the elements; auto is uint16 for samples of a vocabulary up to 65536,"
                      + " else int32, and int64 for documents, as CEPE has them.",
              defaultsTo = "auto")
          NpyType dtype) {}

  /** A type of npy's elements. */
  public enum NpyType {
    AUTO,
    UINT16,
    INT32,
    INT64
  }

  /** How megatron is written. */
  public record Megatron(
      @Setting(doc = "What file names begin with, before the shard's number.", defaultsTo = "shard")
          String prefix,
      @Setting(
              doc = "What file names hold before _document: the field of the text, by custom.",
              defaultsTo = "text")
          String key,
      @Setting(
              doc =
                  "The type of the elements; auto is uint16 for a vocabulary below 65500, and int32"
                      + " for one above 65536: between them it must be said.",
              defaultsTo = "auto")
          MegatronType dtype,
      @Setting(
              doc =
                  "The size at which a .bin is cut into parts, .bin.000 and so on; null writes it in"
                      + " one piece, as training needs it.",
              min = 8)
          Optional<Long> partBytes) {}

  /** A type of megatron's elements. */
  public enum MegatronType {
    AUTO,
    UINT16,
    INT32
  }

  /** How hdf5 is written. */
  public record Hdf5(
      @Setting(
              doc =
                  "How files are called: data-00007.h5, or examples_0_7.h5 by part and shard; both"
                      + " are names of Cerebras' tools.",
              defaultsTo = "data")
          Hdf5Naming naming,
      @Setting(
              doc = "How hard rows are compressed; 0 not at all.",
              defaultsTo = "4",
              min = 0,
              max = 9)
          int gzipLevel,
      @Setting(
              doc = "The most rows of a file; null makes one file of each shard.",
              min = 1,
              max = 1 << 30)
          Optional<Integer> rowsPerFile) {}

  /** How files of hdf5 are called. */
  public enum Hdf5Naming {
    DATA,
    EXAMPLES
  }

  /** How mds is written. */
  public record Mds(
      @Setting(doc = "What a sample holds.", defaultsTo = "[tokens]") List<MdsColumn> columns,
      @Setting(
              doc =
                  "The type of tokens and labels; auto is uint16 for a vocabulary up to 65536, else"
                      + " uint32.",
              defaultsTo = "auto")
          MdsType dtype,
      @Setting(
              doc =
                  "How a file is compressed: none, or zstd, gz, bz2, br or snappy, with a level"
                      + " behind a colon, as zstd:7.",
              defaultsTo = "none")
          String compression,
      @Setting(
              doc =
                  "Digests of each file for the index, as sha1, sha256, xxh64 or xxh3_128; readers"
                      + " check them on demand.",
              defaultsTo = "[]",
              mayBeEmpty = true)
          List<String> hashes,
      @Setting(
              doc = "The largest size of a file before compression; null sets no limit but 4 GiB.",
              defaultsTo = "67108864",
              min = 1,
              max = (1L << 32) - 1)
          Optional<Long> sizeLimit,
      @Setting(doc = "The most samples of a file; null sets no limit.", min = 1, max = 1 << 30)
          Optional<Integer> samplesPerShard) {}

  /** What a sample of mds may hold. */
  public enum MdsColumn {
    TOKENS,
    MASK,
    LABELS,
    DOCUMENT_ENDS
  }

  /** A type of ids in mds. */
  public enum MdsType {
    AUTO,
    UINT16,
    UINT32
  }
}
