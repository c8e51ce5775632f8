package org.millrace.io.convert;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.millrace.io.column.DType;
import org.millrace.io.stored.InOrder;

/**
 * What is to be converted into what.
 *
 * @param sources folders, files or prefixes, as Beam's file systems name them; their samples follow
 *     one another
 * @param from the format to take where the sources hold several
 * @param to the format to write
 * @param output the folder of the new dataset
 * @param shards the shards to write, each of as many samples but one; 0 writes one for each of the
 *     sources'
 * @param column the column that holds the token ids; empty looks for tokens, token_ids, input_ids,
 *     or the only array of whole numbers
 * @param dtype the type of the token ids; empty keeps that of the source where the format can hold
 *     it, else takes the narrowest that holds its values
 * @param layout whether samples are of one length; empty takes this from the source
 * @param options of the format, as "mds.compression" and "zstd:7"
 * @param threads how many shards are written at a time; the result does not depend on it
 */
public record ConversionSettings(
    List<String> sources,
    Optional<String> from,
    String to,
    String output,
    int shards,
    Optional<String> column,
    Optional<DType> dtype,
    Optional<Layout> layout,
    SortedMap<String, String> options,
    int threads) {

  /** What samples are. */
  public enum Layout {
    /** All of one length. */
    SEQUENCES,
    /** Each of its own length. */
    DOCUMENTS
  }

  public ConversionSettings {
    sources = List.copyOf(sources);
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    checkArgument(!sources.isEmpty(), "a source is needed");
    checkArgument(shards >= 0 && shards <= 100_000, "shards must be in 1..100000, was %s", shards);
    checkArgument(threads > 0, "threads must be 1 or more, was %s", threads);
    checkArgument(
        dtype.map(DType::isInteger).orElse(true),
        "dtype must be one of whole numbers, was %s",
        dtype.map(DType::label).orElse(""));
  }

  /** All that can be found out is found out. */
  public static ConversionSettings of(List<String> sources, String to, String output) {
    return new ConversionSettings(
        sources,
        Optional.empty(),
        to,
        output,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(Map.of()),
        InOrder.allThreads());
  }

  /** With a format to take, see {@link #from}. */
  public ConversionSettings withFrom(String format) {
    return new ConversionSettings(
        sources, Optional.of(format), to, output, shards, column, dtype, layout, options, threads);
  }

  /** With a number of {@link #shards}. */
  public ConversionSettings withShards(int count) {
    checkArgument(count > 0, "shards must be in 1..100000, was %s", count);
    return new ConversionSettings(
        sources, from, to, output, count, column, dtype, layout, options, threads);
  }

  /** With a {@link #column}. */
  public ConversionSettings withColumn(String name) {
    return new ConversionSettings(
        sources, from, to, output, shards, Optional.of(name), dtype, layout, options, threads);
  }

  /** With a {@link #dtype}. */
  public ConversionSettings withDtype(DType type) {
    return new ConversionSettings(
        sources, from, to, output, shards, column, Optional.of(type), layout, options, threads);
  }

  /** With a {@link #layout}. */
  public ConversionSettings withLayout(Layout wanted) {
    return new ConversionSettings(
        sources, from, to, output, shards, column, dtype, Optional.of(wanted), options, threads);
  }

  /** With an option of the format, see {@link #options}. */
  public ConversionSettings withOption(String key, String value) {
    TreeMap<String, String> more = new TreeMap<>(options);
    more.put(key, value);
    return new ConversionSettings(
        sources, from, to, output, shards, column, dtype, layout, more, threads);
  }

  /** With a number of {@link #threads}. */
  public ConversionSettings withThreads(int count) {
    return new ConversionSettings(
        sources, from, to, output, shards, column, dtype, layout, options, count);
  }
}
