package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputCount;
import org.millrace.io.document.InputNames;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.sort.SortedGroups;

/**
 * Writes a dataset: sealed shards of samples in one or more formats, and a manifest.
 *
 * <p>Input: bounded, samples keyed by their position. Output: {@code <folder>/<format>/<files>} for
 * each format, then {@code <folder>/manifest.json}, written last; its location is the one element
 * that comes out.
 *
 * <ul>
 *   <li>Who decides the shard: the key. Shard = {@code floor(top64(key) * shards / 2^64)}, so that
 *       the concatenation of the shards is the same for every number of shards.
 *   <li>Which order in a shard: that of the keys; equal keys by their encoded bytes.
 *   <li>How a shard is written: its samples are spooled to local disk, sorted, handed to every sink
 *       once, uploaded under a temporary name, and renamed at the end. A shard without samples has
 *       no files.
 * </ul>
 *
 * <p>Guarantees: equal samples give equal bytes on every runner. A run that dies leaves no
 * manifest; one that is repeated leaves no second copy. A run with a key ({@link RunOptions}) that
 * is begun again takes the shards that it had completed as they are. With {@link Write#withLedger}
 * there is no manifest unless all documents are accounted for.
 *
 * <pre>{@code
 * sequences.apply(
 *     "Write",
 *     ShardIO.<PackedSequence>write()
 *         .to("/data/out")
 *         .withNumShards(8)
 *         .via("npy", NpyIO.sequences(2048, 50257))
 *         .withHeader(header));
 * }</pre>
 */
public final class ShardIO {

  private ShardIO() {}

  /** A write of one shard; see the with-methods. */
  public static <T extends Traceable> Write<T> write() {
    return new AutoValue_ShardIO_Write.Builder<T>()
        .setFolder("")
        .setParts(ShardParts.whole(1))
        .setFormats(List.of())
        .setSealing(Sealing.unchecked())
        .build();
  }

  /** A sink, under the name of its format and folder. */
  record Format<T>(String name, ShardSink<T> sink) implements Serializable {}

  /** See {@link ShardIO#write}. */
  @AutoValue
  public abstract static class Write<T extends Traceable>
      extends PTransform<PCollection<KV<OrderKey, T>>, PCollection<String>> {

    abstract String getFolder();

    abstract ShardParts<T> getParts();

    abstract List<Format<T>> getFormats();

    abstract Sealing getSealing();

    abstract Builder<T> toBuilder();

    @AutoValue.Builder
    abstract static class Builder<T extends Traceable> {
      abstract Builder<T> setFolder(String folder);

      abstract Builder<T> setParts(ShardParts<T> parts);

      abstract Builder<T> setFormats(List<Format<T>> formats);

      abstract Builder<T> setSealing(Sealing sealing);

      abstract Write<T> build();
    }

    /**
     * The dataset's folder, as Beam's file systems name it; without characters that make a pattern.
     */
    public Write<T> to(String folder) {
      checkArgument(
          !folder.isEmpty() && !folder.matches(".*[*?\\[\\]{}].*"),
          "folder must be a path without any of * ? [ ] { }, was %s",
          folder);
      return toBuilder().setFolder(folder).build();
    }

    /** The number of shards, 1 to 100,000; default 1. In place of {@link #withParts}. */
    public Write<T> withNumShards(int shards) {
      return withParts(ShardParts.whole(shards), InputNames.of(List.of()));
    }

    /**
     * Writes parts, each with shards of its own: {@code <folder>/<format>/<part>/<files>}. In place
     * of {@link #withNumShards}. A sample's key is its place in its part.
     *
     * @param parts in the order in which the manifest has them
     * @param partOf the name of a sample's part; it must be one of them
     */
    public Write<T> withParts(List<ShardPart> parts, SerializableFunction<T, String> partOf) {
      return withParts(ShardParts.of(parts, partOf), InputNames.of(List.of()));
    }

    /**
     * Parts of which each has a shard for each input file, named after it. Needs what {@link
     * #withShardPerInput} needs. In place of both.
     *
     * @param parts each with as many shards as there are files
     */
    public Write<T> withPartsPerInput(
        List<ShardPart> parts, SerializableFunction<T, String> partOf, InputNames names) {
      for (ShardPart part : parts) {
        checkArgument(
            part.shards() == names.paths().size(),
            "part %s has %s shards for %s input files",
            part.name(),
            part.shards(),
            names.paths().size());
      }
      return withParts(ShardParts.of(parts, partOf), names);
    }

    private Write<T> withParts(ShardParts<T> parts, InputNames filesOfShards) {
      return toBuilder()
          .setParts(parts)
          .setSealing(getSealing().toBuilder().setFilesOfShards(filesOfShards).build())
          .build();
    }

    /**
     * Adds a report to the manifest: what the run has found out beside ledger and outputs.
     *
     * @param name of letters, digits and underscores; its key under {@code reports}
     * @param json a JSON object, computed from the data
     */
    public Write<T> withReport(String name, PCollectionView<String> json) {
      return with(getSealing().withReport(name, json));
    }

    /**
     * One shard for each input file, named after it. The samples must have their natural positions
     * ({@link OrderKey#natural}, by the rank of the file). Needs {@link #withInputs}: when the
     * files that were read are not these, the run fails. In place of {@link #withNumShards}.
     */
    public Write<T> withShardPerInput(InputNames names) {
      return withParts(ShardParts.whole(names.paths().size()), names);
    }

    /** Adds a format: its files go to the folder of that name. At least one is needed. */
    public Write<T> via(String format, ShardSink<T> sink) {
      checkArgument(
          format.matches("[a-z0-9]+"), "format must be of lower-case letters, was %s", format);
      checkArgument(
          getFormats().stream().noneMatch(f -> f.name().equals(format)),
          "format %s is there already",
          format);
      List<Format<T>> formats = new ArrayList<>(getFormats());
      formats.add(new Format<>(format, sink));
      return toBuilder().setFormats(List.copyOf(formats)).build();
    }

    /** What the manifest says of recipe and tokenizer. Needed. */
    public Write<T> withHeader(ManifestHeader header) {
      return with(getSealing().toBuilder().setHeader(header).build());
    }

    /** The input files for the manifest; default none. Ranges of one file are merged. */
    public Write<T> withInputs(PCollectionView<Iterable<InputCount>> inputs) {
      return with(getSealing().toBuilder().setInputs(inputs).build());
    }

    /**
     * What all steps before took in and dropped. With it, a run that loses or doubles a document
     * fails.
     */
    public Write<T> withLedger(PCollectionView<Ledger> ledger) {
      return with(getSealing().toBuilder().setLedger(ledger).build());
    }

    /** How many bad records are in the failures output; checked against the ledger. */
    public Write<T> withBadRecords(PCollectionView<Long> badRecords) {
      return with(getSealing().toBuilder().setBadRecords(badRecords).build());
    }

    /**
     * The largest share of bad records, 0 to 1, with which there is a manifest; default 1. Needs
     * the ledger.
     */
    public Write<T> withMaxBadFraction(double fraction) {
      return with(getSealing().withMaxBadFraction(fraction));
    }

    private Write<T> with(Sealing sealing) {
      return toBuilder().setSealing(sealing).build();
    }

    /**
     * The same write for a dataset of which each shard is made of one known piece of the input: a
     * shard that an earlier attempt of the same run has completed is not made again. The source
     * says what was read and what was bad, so that neither {@link #withInputs} nor {@link
     * #withLedger} nor {@link #withBadRecords} is given.
     *
     * @param source gives the samples of each shard
     * @param coder of the samples
     */
    public PTransform<PBegin, PCollection<String>> units(ShardSource<T> source, Coder<T> coder) {
      return new WriteUnits<>(this, source, coder);
    }

    @Override
    public PCollection<String> expand(PCollection<KV<OrderKey, T>> input) {
      checkComplete();
      checkArgument(
          !getSealing().hasShardPerInput() || getSealing().getInputs() != null,
          "ShardIO.write() needs withInputs(...) for a shard per input");
      DatasetFolder folder = folder(input.getPipeline());
      ShardParts<T> parts = getParts();
      PCollection<ShardSummary> summaries =
          input
              .apply("GroupByShard", SortedGroups.by(parts.shards(), parts::shardOf))
              .apply(
                  "WriteShard",
                  ParDo.of(new WriteShardFn<>(folder, writing(), SortedGroups.elementCoder(input))))
              .setCoder(ShardSummary.ShardSummaryCoder.of());
      return getSealing().seal(this, folder, summaries);
    }

    void checkComplete() {
      checkArgument(!getFolder().isEmpty(), "ShardIO.write() needs to(folder)");
      checkArgument(!getFormats().isEmpty(), "ShardIO.write() needs at least one via(...)");
      checkArgument(getSealing().getHeader() != null, "ShardIO.write() needs withHeader(...)");
      checkFormatsOfParts();
    }

    DatasetFolder folder(Pipeline pipeline) {
      return DatasetFolder.of(getFolder(), pipeline.getOptions().as(RunOptions.class).getRunKey());
    }

    ShardWriting<T> writing() {
      return new ShardWriting<>(getFormats(), getParts());
    }

    private void checkFormatsOfParts() {
      List<String> known = getFormats().stream().map(Format::name).toList();
      for (ShardPart part : getParts().parts()) {
        checkArgument(
            known.containsAll(part.formats()),
            "part %s is to be written as %s, but the formats are %s",
            part.name(),
            part.formats(),
            known);
      }
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("folder", getFolder()).withLabel("Dataset folder"));
      builder.add(DisplayData.item("numShards", getParts().shards()).withLabel("Number of shards"));
      builder.addIfNotDefault(
          DisplayData.item("shardPerInput", getSealing().hasShardPerInput())
              .withLabel("One shard for each input file"),
          false);
      builder.add(
          DisplayData.item("formats", getFormats().stream().map(Format::name).toList().toString())
              .withLabel("Formats"));
      builder.add(
          DisplayData.item("maxBadFraction", getSealing().getMaxBadFraction())
              .withLabel("Largest share of bad records"));
    }
  }
}
