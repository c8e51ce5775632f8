package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.millrace.io.column.Column;
import org.millrace.io.column.DType;
import org.millrace.io.column.RowColumn;
import org.millrace.io.column.TargetColumns;
import org.millrace.io.column.TokenRow;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Settings;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.mds.MdsSettings;
import org.millrace.io.megatron.MegatronIO;
import org.millrace.io.megatron.MegatronSettings;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ShardSink;
import org.millrace.pipelines.datasets.OutputSettings.Hdf5;
import org.millrace.pipelines.datasets.OutputSettings.Mds;
import org.millrace.pipelines.datasets.OutputSettings.Megatron;
import org.millrace.pipelines.datasets.OutputSettings.NpyType;
import org.millrace.pipelines.datasets.OutputSettings.OutputFormat;
import org.millrace.transforms.data.AnnotatedSequence;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;

/** The sinks that {@code output} of a {@link PretrainRecipe} asks for. */
record PretrainSinks(
    PretrainRecipe recipe, int vocabularySize, Optional<TeacherSettings.Checked> teacher) {

  /**
   * Makes sure that there is a sink for every format.
   *
   * @throws IllegalArgumentException when there is none, with what to change
   */
  void check() {
    for (OutputFormat format : recipe.output().formats()) {
      if (teacher.isPresent()) {
        annotated(format);
      } else if (recipe.pack().isPresent()) {
        sequences(format);
      } else {
        documents(format);
      }
    }
  }

  /** The name of a format, and of its section and folder. */
  static String name(OutputFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  ShardSink<TokenizedDocument> documents(OutputFormat format) {
    return named(
        format,
        () ->
            switch (format) {
              case NPY -> NpyIO.documents(vocabularySize, npyType(DType.INT64));
              case MEGATRON -> MegatronIO.documents(megatron());
              case HDF5 ->
                  throw new IllegalArgumentException(
                      "its rows have one length, and documents that are not packed have many; turn"
                          + " pack on, or take hdf5 from output.formats");
              case MDS -> MdsIO.documents(vocabularySize, mdsType(), mdsExtras(), mds());
            });
  }

  ShardSink<PackedSequence> sequences(OutputFormat format) {
    return rows(format, List.of()).of(TokenRow::of);
  }

  ShardSink<AnnotatedSequence> annotated(OutputFormat format) {
    PretrainRecipe.Logits logits = recipe.logits().orElseThrow();
    int length = recipe.pack().orElseThrow().sequenceLength();
    DType index = logits.indexDtype().dtype(teacher.orElseThrow().vocabularySize());
    return rows(format, TargetColumns.of(length, logits.topk(), index)).of(TokenRow::of);
  }

  private ShardSink<TokenRow> rows(OutputFormat format, List<RowColumn> arrays) {
    int length = recipe.pack().orElseThrow().sequenceLength();
    return named(
        format,
        () ->
            switch (format) {
              case NPY ->
                  NpyIO.sequenceRows(
                      length, vocabularySize, npyType(DType.forVocabulary(vocabularySize)), arrays);
              case MEGATRON -> MegatronIO.sequenceRows(megatron(), arrays);
              case HDF5 -> Hdf5IO.rows(hdf5(length), arrays);
              case MDS -> MdsIO.rows(vocabularySize, mdsType(), mdsExtras(), arrays, mds());
            });
  }

  private MegatronSettings megatron() {
    Megatron asked = recipe.output().megatron();
    MegatronSettings settings =
        new MegatronSettings(
            asked.prefix(),
            asked.key(),
            vocabularySize,
            asked.dtype().name().toLowerCase(Locale.ROOT),
            asked.partBytes().orElse(0L));
    checkHolds(settings.elementType());
    return settings;
  }

  private Hdf5Settings hdf5(int length) {
    Hdf5 asked = recipe.output().hdf5();
    Hdf5Settings.FileNames names =
        switch (asked.naming()) {
          case DATA -> Hdf5Settings.FileNames.DATA;
          case EXAMPLES -> Hdf5Settings.FileNames.EXAMPLES;
        };
    return new Hdf5Settings(
        length, vocabularySize, asked.gzipLevel(), asked.rowsPerFile().orElse(0), names);
  }

  private MdsSettings mds() {
    Mds asked = recipe.output().mds();
    return new MdsSettings(
        asked.compression(),
        asked.hashes(),
        asked.sizeLimit().orElse(0L),
        asked.samplesPerShard().orElse(0));
  }

  private DType mdsType() {
    DType dtype =
        switch (recipe.output().mds().dtype()) {
          case AUTO -> DType.UINT16.holds(vocabularySize - 1) ? DType.UINT16 : DType.UINT32;
          case UINT16 -> DType.UINT16;
          case UINT32 -> DType.UINT32;
        };
    checkHolds(dtype);
    return dtype;
  }

  private Set<String> mdsExtras() {
    Set<String> columns = new LinkedHashSet<>();
    for (OutputSettings.MdsColumn column : recipe.output().mds().columns()) {
      columns.add(column.name().toLowerCase(Locale.ROOT));
    }
    checkArgument(
        columns.remove(Column.TOKENS),
        "columns must have tokens among them, was %s: nothing else makes a sample to train on",
        columns);
    return columns;
  }

  private void checkHolds(DType dtype) {
    checkArgument(
        dtype.holds(vocabularySize - 1),
        "dtype %s does not hold all ids of a vocabulary of %s; set it to auto, or to a wider one",
        dtype.label(),
        vocabularySize);
  }

  private DType npyType(DType auto) {
    NpyType type = recipe.output().npy().dtype();
    return switch (type) {
      case AUTO -> auto;
      case UINT16 -> DType.UINT16;
      case INT32 -> DType.INT32;
      case INT64 -> DType.INT64;
    };
  }

  /** Says in which section of the recipe it is that a format refuses something. */
  private static <T> ShardSink<T> named(OutputFormat format, Supplier<ShardSink<T>> sink) {
    try {
      return sink.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("output." + name(format) + ": " + e.getMessage(), e);
    }
  }
}
