package org.millrace.pipelines.datasets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.millrace.io.column.DType;
import org.millrace.io.document.InputFile;
import org.millrace.io.document.InputFiles;
import org.millrace.io.document.InputNames;
import org.millrace.io.npy.NpyIO;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardPart;
import org.millrace.io.shard.ShardSink;
import org.millrace.pipelines.DatasetPlan;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.PlannedInput;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.data.TokenizedDocument;
import org.millrace.transforms.tokenize.EncoderSettings;

/** The graph of {@link CepeTokenize}. */
record CepeTokenizePlan(
    Recipe<CepeTokenizeRecipe> recipe,
    Job job,
    InputFiles files,
    InputNames names,
    DomainNames domains,
    EncoderSettings encoder,
    int vocabularySize)
    implements DatasetPlan {

  /** The report on the list of input files. */
  private static final String FILE_LIST = "file_list";

  /**
   * A plan, with the names of all files decided.
   *
   * @throws IllegalArgumentException where a file is of no domain, or two would have one name
   */
  static CepeTokenizePlan of(
      Recipe<CepeTokenizeRecipe> recipe,
      Job job,
      InputFiles files,
      EncoderSettings encoder,
      int vocabularySize) {
    DomainNames domains = DomainNames.parse(recipe.settings().domains());
    List<String> paths = files.files().stream().map(InputFile::relativePath).toList();
    InputNames names = InputNames.of(paths);
    if (recipe.settings().domainField().isEmpty()) {
      // Each for itself, so that it is the real paths that are named where two become one.
      List<String> renamed =
          paths.stream()
              .map(path -> InputNames.of(List.of(domains.renamed(path).path())).names().get(0))
              .toList();
      names = new InputNames(paths, renamed);
    }
    CepeTokenizePlan plan =
        new CepeTokenizePlan(recipe, job, files, names, domains, encoder, vocabularySize);
    if (plan.numShards() > ShardPart.MAX_SHARDS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the input makes %d files of npy, and a dataset has at most %d; give fewer at a time",
              plan.numShards(),
              ShardPart.MAX_SHARDS));
    }
    plan.sink();
    return plan;
  }

  private boolean byField() {
    return recipe.settings().domainField().isPresent();
  }

  @Override
  public int numShards() {
    return files.files().size() * (byField() ? domains.domains().size() : 1);
  }

  @Override
  public PlannedInput input() {
    return PlannedInput.of(files);
  }

  @Override
  public ManifestHeader header() {
    return new ManifestHeader(
        recipe.canonicalJson(),
        recipe.sha256(),
        new ManifestHeader.Tokenizer(
            encoder.tokenizer().name(),
            encoder.tokenizer().sha256(),
            vocabularySize,
            encoder.tokenizer().engine().name().toLowerCase(Locale.ROOT)));
  }

  private ShardSink<TokenizedDocument> sink() {
    DType dtype =
        switch (recipe.settings().npy().dtype()) {
          case AUTO, INT64 -> DType.INT64;
          case UINT16 -> DType.UINT16;
          case INT32 -> DType.INT32;
        };
    return NpyIO.documentFiles(vocabularySize, dtype);
  }

  /** What was listed, in which order; anyone can compute the digest of the manifest's inputs. */
  private String fileList() {
    Map<String, Object> list = new TreeMap<>();
    list.put("files", names.paths().size());
    list.put("order", "path");
    list.put("sha256", NpyCorpus.sha256(names.paths()));
    return SplitReport.json(list);
  }

  @Override
  public void addTo(Pipeline pipeline) {
    ShardIO.Write<TokenizedDocument> write =
        ShardIO.<TokenizedDocument>write()
            .to(job.output())
            .withShardPerInput(names)
            .withHeader(header())
            .withMaxBadFraction(recipe.settings().maxBadFraction())
            .withReport(
                FILE_LIST,
                pipeline
                    .apply("FileList", Create.of(fileList()).withCoder(StringUtf8Coder.of()))
                    .apply("FileListReport", View.asSingleton()))
            .via(NpyIO.FORMAT, sink());
    if (byField()) {
      List<ShardPart> parts = new ArrayList<>();
      for (String domain : domains.domains()) {
        parts.add(new ShardPart(domain, names.paths().size()));
      }
      write = write.withPartsPerInput(parts, TokenizedDocument::source, names);
    }
    FileTokens source =
        new FileTokens(
            Stages.read(recipe.settings().read(), job),
            files.files(),
            domains,
            recipe.settings().domainField(),
            encoder);
    pipeline.apply("Write", write.units(source, TokenizedDocument.TokenizedDocumentCoder.of()));
  }
}
