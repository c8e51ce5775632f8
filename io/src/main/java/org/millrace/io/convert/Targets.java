package org.millrace.io.convert;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.TokenRow;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Settings;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.megatron.MegatronSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenDigest;

/** Decides how samples are written, by what is asked for and by what they are. */
final class Targets {

  /** Those that Megatron-LM trains on; others are written only when they are asked for. */
  private static final List<DType> MEGATRON_TYPES = List.of(DType.UINT16, DType.INT32);

  /** What rows hold beside their tokens, where the source has it. */
  private static final Set<String> MDS_COLUMNS =
      Set.of(
          Column.LABELS,
          Column.MASK,
          Column.DOCUMENT_ENDS,
          Column.DOCUMENTS_ENDED,
          Column.DOCUMENTS_BEFORE);

  private final ConversionSettings settings;
  private final SourceShards source;
  private final int vocabularySize;
  private final FormatOptions options;

  private Targets(ConversionSettings settings, SourceShards source, int vocabularySize) {
    this.settings = settings;
    this.source = source;
    this.vocabularySize = vocabularySize;
    this.options = new FormatOptions(settings.to(), settings.options());
  }

  /**
   * How samples are written.
   *
   * @param vocabularySize every id is below it; {@link Integer#MAX_VALUE} where it is not known
   */
  static Target<?> of(ConversionSettings settings, SourceShards source, int vocabularySize)
      throws IOException {
    Targets targets = new Targets(settings, source, vocabularySize);
    Target<?> target =
        switch (settings.to()) {
          case NpyIO.FORMAT -> targets.npy();
          case MegatronIO.FORMAT -> targets.megatron();
          case Hdf5IO.FORMAT -> targets.hdf5();
          case MdsIO.FORMAT -> source.isCopy(settings) ? targets.copy() : targets.mds();
          default ->
              throw new IllegalArgumentException(
                  "to must be npy, megatron, hdf5 or mds, was " + settings.to());
        };
    targets.options.refuseOthers();
    return target;
  }

  private Target<?> npy() throws IOException {
    DType dtype = dtype(Dtypes.ALL);
    Optional<Integer> length = length(false);
    return rows(
        length.isPresent()
            ? NpyIO.sequenceRows(length.get(), vocabularySize, dtype)
            : NpyIO.documentRows(vocabularySize, dtype),
        Set.of(),
        dtype,
        length);
  }

  private Target<?> megatron() throws IOException {
    DType dtype = dtype(MEGATRON_TYPES);
    return rows(
        MegatronIO.rows(
            new MegatronSettings(
                options.text("prefix", "shard"),
                options.text("key", "text"),
                vocabularySize,
                dtype.label(),
                options.number("part_bytes", 0, Long.MAX_VALUE))),
        Set.of(Column.DOCUMENTS_ENDED, Column.DOCUMENTS_BEFORE),
        dtype,
        length(false));
  }

  private Target<?> hdf5() throws IOException {
    DType dtype = dtype(List.of(DType.INT32));
    if (dtype != DType.INT32) {
      throw new IllegalArgumentException("dtype must be int32 for hdf5, was " + dtype.label());
    }
    Optional<Integer> length = length(true);
    Hdf5Settings standard = Hdf5Settings.of(length.orElseThrow(), vocabularySize);
    return rows(
        Hdf5IO.rows(
            standard
                .withGzipLevel(options.number("gzip_level", standard.gzipLevel()))
                .withRowsPerFile(options.number("rows_per_file", 0))
                .withNames(options.choice("naming", standard.names()))),
        Set.of(Column.LABELS, Column.MASK),
        dtype,
        length);
  }

  private Target<?> mds() throws IOException {
    DType dtype = dtype(Dtypes.ALL);
    Set<String> kept = new TreeSet<>(MDS_COLUMNS);
    kept.retainAll(source.columnNames());
    return rows(MdsIO.rows(vocabularySize, dtype, kept, mdsSettings()), kept, dtype, length(false));
  }

  /** All columns go over as they are. */
  private Target<StoredSample> copy() throws IOException {
    if (settings.dtype().isPresent() || settings.layout().isPresent()) {
      throw new IllegalArgumentException(
          "dtype and layout cannot be given from mds to mds, whose columns are kept as they are");
    }
    return new Target<>(
        settings.to(),
        MdsIO.copy(source.commonColumns(), mdsSettings()),
        new CopiedSamples(source.column()),
        source.columnNames(),
        new TreeMap<>());
  }

  private MdsSettings mdsSettings() {
    MdsSettings standard = MdsSettings.standard();
    String hashes = options.text("hashes", "");
    return new MdsSettings(
        options.text("compression", standard.compression()),
        hashes.isEmpty() ? standard.hashes() : List.of(hashes.split(",", -1)),
        options.number("size_limit", standard.sizeLimit(), Long.MAX_VALUE),
        options.number("samples_per_shard", 0, Long.MAX_VALUE));
  }

  private DType dtype(List<DType> choices) throws IOException {
    DType dtype = settings.dtype().isPresent() ? settings.dtype().get() : source.dtype();
    return settings.dtype().isPresent() ? dtype : Dtypes.among(choices, dtype);
  }

  /**
   * The length of all samples, where they are to have one.
   *
   * @param needed whether the format has no other samples
   */
  private Optional<Integer> length(boolean needed) throws IOException {
    boolean documents = settings.layout().equals(Optional.of(ConversionSettings.Layout.DOCUMENTS));
    if (documents && needed) {
      throw new IllegalArgumentException(
          "layout must be sequences for " + settings.to() + ", was documents");
    }
    if (documents) {
      return Optional.empty();
    }
    Optional<Integer> length = source.fixedLength();
    if (length.isEmpty()) {
      length = recordedLength();
    }
    return length.isEmpty() && (needed || settings.layout().isPresent())
        ? Optional.of(source.firstLength())
        : length;
  }

  private Optional<Integer> recordedLength() throws IOException {
    Set<Optional<Integer>> lengths = new LinkedHashSet<>();
    for (Source each : source.sources()) {
      lengths.add(ConversionRecipe.length(each));
    }
    return lengths.size() == 1 ? lengths.iterator().next() : Optional.empty();
  }

  private Target<TokenRow> rows(
      ShardSink<TokenRow> sink, Set<String> kept, DType dtype, Optional<Integer> length) {
    SortedMap<String, Object> decided = new TreeMap<>(Map.of("dtype", dtype.label()));
    length.ifPresent(tokens -> decided.put("length", tokens));
    return new Target<>(settings.to(), sink, new TokenRows(source.column(), kept), kept, decided);
  }

  private record TokenRows(String column, Set<String> kept) implements Target.Rows<TokenRow> {
    @Override
    public TokenRow of(SourceShard shard, long number, StoredSample sample) throws IOException {
      return StoredRow.of(shard, number, sample, column, kept);
    }

    @Override
    public long addTo(TokenDigest.Builder digest, TokenRow row) {
      digest.addSample(row.tokens());
      return row.tokens().length();
    }

    @Override
    public boolean isPartOfDocument(TokenRow row) {
      return row.documentsEnded() != 1 || row.documentsBefore() != 0;
    }
  }
}
