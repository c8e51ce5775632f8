package org.millrace.pipelines.datasets;

import java.util.Locale;
import java.util.function.Supplier;
import org.millrace.io.column.DType;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ShardSink;
import org.millrace.pipelines.datasets.PretrainRecipe.NpyType;
import org.millrace.pipelines.datasets.PretrainRecipe.OutputFormat;
import org.millrace.transforms.data.PackedSequence;
import org.millrace.transforms.data.TokenizedDocument;

/** The sinks that {@code output} of a {@link PretrainRecipe} asks for. */
record PretrainSinks(PretrainRecipe recipe, int vocabularySize) {

  /**
   * Makes sure that there is a sink for every format.
   *
   * @throws IllegalArgumentException when there is none, with what to change
   */
  void check() {
    for (OutputFormat format : recipe.output().formats()) {
      if (recipe.pack().isPresent()) {
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
            });
  }

  ShardSink<PackedSequence> sequences(OutputFormat format) {
    int length = recipe.pack().orElseThrow().sequenceLength();
    return named(
        format,
        () ->
            switch (format) {
              case NPY ->
                  NpyIO.sequences(
                      length, vocabularySize, npyType(DType.forVocabulary(vocabularySize)));
            });
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
