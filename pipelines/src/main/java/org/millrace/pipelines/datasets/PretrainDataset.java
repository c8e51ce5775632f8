package org.millrace.pipelines.datasets;

import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.millrace.io.document.InputCount;
import org.millrace.io.failure.FailureIO;
import org.millrace.io.shard.ShardIO;
import org.millrace.io.shard.ShardPart;
import org.millrace.io.shard.ShardSink;
import org.millrace.transforms.data.OrderKey;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.fim.FimCounts;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;

/**
 * Writes the samples of a {@link PretrainPlan}, with all that its manifest says and checks.
 *
 * @param accounts of all steps before
 * @param inputs what was read
 * @param counts of fill-in-the-middle, where there is that
 */
record PretrainDataset(
    PretrainPlan plan,
    Accounts accounts,
    PCollection<InputCount> inputs,
    Optional<PCollection<FimCounts>> counts) {

  /** The sink of each format. */
  interface Sinks<T> {
    ShardSink<T> sink(OutputSettings.OutputFormat format);
  }

  /** Writes samples; {@code partOf} names the part of each, where there are parts. */
  <T extends Traceable> void write(
      PCollection<KV<OrderKey, T>> samples,
      Sinks<T> sinks,
      SerializableFunction<T, String> partOf) {
    OutputSettings output = settings().output();
    ShardIO.Write<T> write = checked(samples.getPipeline());
    if (!plan.parts().isEmpty()) {
      int shards = output.numShards().number();
      write =
          write.withParts(
              plan.parts().stream().map(name -> new ShardPart(name, shards)).toList(), partOf);
    }
    for (OutputSettings.OutputFormat format : output.formats()) {
      write = write.via(PretrainSinks.name(format), sinks.sink(format));
    }
    samples.apply("Write", plan.shardPerInput().map(write::withShardPerInput).orElse(write));
  }

  private PretrainRecipe settings() {
    return plan.recipe().settings();
  }

  private <T extends Traceable> ShardIO.Write<T> checked(Pipeline pipeline) {
    String folder = plan.job().output();
    ShardIO.Write<T> write =
        ShardIO.<T>write()
            .to(folder)
            .withNumShards(plan.numShards())
            .withHeader(plan.header())
            .withInputs(inputs.apply("Inputs", View.asIterable()))
            .withLedger(accounts.entries(pipeline).apply("Ledger", Ledger.sum().asSingletonView()))
            .withBadRecords(
                accounts
                    .badRecords(pipeline)
                    .apply("WriteFailures", FailureIO.write().to(folder))
                    .apply("BadRecordCount", View.asSingleton()))
            .withMaxBadFraction(settings().maxBadFraction());
    if (counts.isPresent()) {
      write = write.withReport("fim", fimReport(counts.get()));
    }
    if (plan.teacher().isPresent()) {
      write = write.withReport("teacher", teacherReport(pipeline));
    }
    return write;
  }

  private PCollectionView<String> fimReport(PCollection<FimCounts> counts) {
    FimReport report =
        new FimReport(
            settings().fim().orElseThrow(), plan.stages().tokens().sentinels().orElseThrow());
    return counts
        .apply("FimCounts", FimCounts.sum())
        .apply("FimReport", MapElements.into(TypeDescriptors.strings()).via(report))
        .apply("FimReportView", View.asSingleton());
  }

  private PCollectionView<String> teacherReport(Pipeline pipeline) {
    return pipeline
        .apply(
            "Teacher",
            Create.of(plan.teacher().orElseThrow().report()).withCoder(StringUtf8Coder.of()))
        .apply("TeacherReport", View.asSingleton());
  }
}
