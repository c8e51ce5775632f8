package org.millrace.io.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.millrace.io.shard.DatasetFolder;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardSink;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.SampleCursor;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredSample;
import org.millrace.io.stored.TokenDigest;
import org.millrace.io.verify.Checked;
import org.millrace.io.verify.DatasetVerifier;
import org.millrace.io.verify.FormatShards;
import org.millrace.io.verify.StoredDataset;

/**
 * Writes the samples of datasets, whoever made them, as a dataset in another format, or of other
 * shards; and checks what it has written.
 *
 * <p>Determinism: equal sources and settings give equal files and an equal manifest, whatever the
 * number of threads. Limits: memory is bounded, apart from the lists of shards and files; a shard
 * is written to local disk first.
 *
 * <p>Errors: what a format cannot hold (samples of other lengths, ids that do not fit, empty
 * samples) is an IllegalArgumentException that names the sample; a damaged source is an
 * IOException. After either there is no manifest.
 *
 * <pre>{@code
 * Conversion conversion =
 *     Conversion.plan(ConversionSettings.of(List.of("/data/npy"), "megatron", "/data/out"));
 * Conversion.Result result = conversion.run();
 * }</pre>
 */
public final class Conversion {

  private final ConversionSettings settings;
  private final SourceShards source;
  private final Target<?> target;
  private final ManifestHeader.Tokenizer tokenizer;
  private final List<ShardConversion.Range> ranges;

  private Conversion(
      ConversionSettings settings,
      SourceShards source,
      Target<?> target,
      ManifestHeader.Tokenizer tokenizer) {
    this.settings = settings;
    this.source = source;
    this.target = target;
    this.tokenizer = tokenizer;
    this.ranges = ranges(settings, source);
  }

  /**
   * What a conversion has done.
   *
   * @param samples the samples written
   * @param tokens the token ids in them, padding included
   * @param bytes the size of the files written
   * @param notKept what the sources hold and the format does not, as "labels, mask"
   * @param findings what is wrong with the new dataset; when there is anything, it has no manifest
   */
  public record Result(
      long samples, long tokens, long bytes, Optional<String> notKept, List<Finding> findings) {}

  /**
   * Looks at the sources and decides how they are written. Nothing is written yet.
   *
   * @throws IllegalArgumentException when the settings do not fit the sources
   * @throws IOException when a source is missing or damaged
   */
  public static Conversion plan(ConversionSettings settings) throws IOException {
    SourceShards source = SourceShards.open(settings);
    ManifestHeader.Tokenizer tokenizer = tokenizer(source.sources());
    SourceShards tokens = source.withTokens(settings);
    Target<?> target = Targets.of(settings, tokens, tokenizer.vocabularySize());
    return new Conversion(settings, tokens, target, tokenizer);
  }

  private static ManifestHeader.Tokenizer tokenizer(List<Source> sources) {
    Set<ManifestHeader.Tokenizer> tokenizers =
        sources.stream()
            .map(
                source ->
                    source
                        .manifest()
                        .map(manifest -> manifest.header().tokenizer())
                        .orElse(ManifestHeader.Tokenizer.UNKNOWN))
            .collect(Collectors.toSet());
    return tokenizers.size() == 1 ? tokenizers.iterator().next() : ManifestHeader.Tokenizer.UNKNOWN;
  }

  private static List<ShardConversion.Range> ranges(
      ConversionSettings settings, SourceShards source) {
    List<ShardConversion.Range> ranges = new ArrayList<>();
    if (settings.shards() == 0) {
      for (SourceShard shard : source.shards()) {
        ranges.add(new ShardConversion.Range(ranges.size(), shard.start(), shard.end()));
      }
      return ranges;
    }
    long samples = source.samples();
    for (int i = 0; i < settings.shards(); i++) {
      long from = cut(samples, i, settings.shards());
      long to = cut(samples, i + 1, settings.shards());
      if (from < to) {
        ranges.add(new ShardConversion.Range(i, from, to));
      }
    }
    return ranges;
  }

  private static long cut(long samples, int shard, int shards) {
    return Math.multiplyExact(samples, (long) shard) / shards;
  }

  /** The number of samples to be written. */
  public long samples() {
    return source.samples();
  }

  /** The number of shards to be written. */
  public int shards() {
    return ranges.size();
  }

  /** The formats of the sources. */
  public Set<String> from() {
    return source.sources().stream()
        .map(each -> each.found().format().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The size of the files to be read. */
  public long bytes() {
    return source.shards().stream()
        .flatMap(shard -> shard.files().stream())
        .mapToLong(StoredFile::bytes)
        .sum();
  }

  /** Writes the new dataset, seals it, and reads it again. */
  public Result run() throws IOException {
    return run(target);
  }

  private <T> Result run(Target<T> to) throws IOException {
    DatasetFolder folder = DatasetFolder.of(settings.output());
    ConvertedShards shards = new ConvertedShards();
    Manifest manifest;
    try {
      ShardConversion<T> conversion = new ShardConversion<>(source, to, folder);
      InOrder.forEach(ranges, settings.threads(), conversion::write, shards::add);
      manifest =
          manifest(
              shards,
              folder.commit(DatasetFolder.Place.only(to.format()), to.sink(), shards.summaries()));
      folder.seal(manifest);
    } catch (IOException | RuntimeException e) {
      folder.deleteTemp();
      throw e;
    }
    List<Finding> findings = verify(folder, shards);
    Manifest.Output output = manifest.outputs().get(0);
    return new Result(
        output.samples(),
        shards.digest().tokens(),
        output.files().stream().mapToLong(Manifest.File::bytes).sum(),
        Optional.ofNullable(output.properties().get(ShardSink.NOT_KEPT)),
        findings);
  }

  private Manifest manifest(ConvertedShards shards, Manifest.Output output) throws IOException {
    ManifestHeader header =
        ManifestHeader.of(ConversionRecipe.of(settings, source, target), tokenizer);
    return shards.manifest(header, source, target, output);
  }

  /** A dataset that does not hold what was read loses its manifest. */
  private List<Finding> verify(DatasetFolder folder, ConvertedShards shards) throws IOException {
    List<Finding> findings = new ArrayList<>();
    boolean sound = false;
    try {
      long vocabulary = tokenizer.isKnown() ? tokenizer.vocabularySize() : Long.MAX_VALUE;
      List<Checked> checked =
          DatasetVerifier.verify(StoredDataset.open(settings.output()), vocabulary, findings::add);
      if (!checked.stream().allMatch(each -> each.digest().equals(shards.digest()))) {
        findings.add(
            new Finding(target.format(), "expected the tokens of the source, got other ones"));
      }
      if (findings.isEmpty() && target.rows() instanceof CopiedSamples) {
        compareColumns(shards.content(), findings);
      }
      sound = findings.isEmpty();
    } finally {
      if (!sound) {
        folder.unseal();
      }
    }
    return List.copyOf(findings);
  }

  /** What goes over as it is must be there as it was, in every column. */
  private void compareColumns(TokenDigest expected, List<Finding> findings) throws IOException {
    StoredDataset dataset = StoredDataset.open(settings.output());
    FormatShards found = dataset.shards(dataset.manifest().outputs().get(0), findings::add);
    TokenDigest[] content = {TokenDigest.EMPTY};
    InOrder.forEach(
        found.shards(),
        settings.threads(),
        shard -> content(found, shard),
        digest -> content[0] = content[0].then(digest));
    if (!content[0].equals(expected)) {
      findings.add(
          new Finding(target.format(), "expected all columns of the source, got other values"));
    }
  }

  private static TokenDigest content(FormatShards found, List<StoredFile> shard)
      throws IOException {
    TokenDigest.Builder digest = new TokenDigest.Builder();
    try (ShardReader reader = found.format().open(shard);
        SampleCursor samples = reader.read(0)) {
      for (Optional<StoredSample> sample = samples.next();
          sample.isPresent();
          sample = samples.next()) {
        CopiedSamples.content(digest, sample.get());
      }
    }
    return digest.build();
  }
}
