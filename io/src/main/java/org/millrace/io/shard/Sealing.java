package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.annotation.Nullable;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputCount;
import org.millrace.io.document.InputNames;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;

/** How written shards become a dataset: what must hold before, and what the manifest says. */
@AutoValue
abstract class Sealing implements Serializable {

  /** A report for the manifest, under its name. */
  record Report(String name, PCollectionView<String> json) implements Serializable {}

  /** Asks for nothing. */
  static Sealing unchecked() {
    return new AutoValue_Sealing.Builder()
        .setReports(List.of())
        .setFilesOfShards(InputNames.of(List.of()))
        .setMaxBadFraction(1)
        .build();
  }

  @Nullable
  abstract ManifestHeader getHeader();

  @Nullable
  abstract PCollectionView<Iterable<InputCount>> getInputs();

  @Nullable
  abstract PCollectionView<Ledger> getLedger();

  @Nullable
  abstract PCollectionView<Long> getBadRecords();

  abstract double getMaxBadFraction();

  abstract List<Report> getReports();

  /** The input files that must have been read; empty where shards are not those of input files. */
  abstract InputNames getFilesOfShards();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setHeader(ManifestHeader header);

    abstract Builder setInputs(PCollectionView<Iterable<InputCount>> inputs);

    abstract Builder setLedger(PCollectionView<Ledger> ledger);

    abstract Builder setBadRecords(PCollectionView<Long> badRecords);

    abstract Builder setMaxBadFraction(double fraction);

    abstract Builder setReports(List<Report> reports);

    abstract Builder setFilesOfShards(InputNames names);

    abstract Sealing build();
  }

  Sealing withReport(String name, PCollectionView<String> json) {
    checkArgument(
        name.matches("[a-z0-9_]+"), "a report's name must match [a-z0-9_]+, was %s", name);
    List<Report> reports = new ArrayList<>(getReports());
    reports.add(new Report(name, json));
    return toBuilder().setReports(List.copyOf(reports)).build();
  }

  Sealing withMaxBadFraction(double fraction) {
    checkArgument(fraction >= 0 && fraction <= 1, "fraction must be in 0..1, was %s", fraction);
    return toBuilder().setMaxBadFraction(fraction).build();
  }

  boolean hasShardPerInput() {
    return !getFilesOfShards().paths().isEmpty();
  }

  /** Gathers all shards and makes a dataset of them. */
  <T extends Traceable> PCollection<String> seal(
      ShardIO.Write<T> write, DatasetFolder folder, PCollection<ShardSummary> summaries) {
    PCollectionView<Iterable<ShardSummary>> shards =
        summaries
            .apply("Stabilize", Reshuffle.<ShardSummary>viaRandomKey().withNumBuckets(16))
            .apply("AllShards", View.asIterable());
    PCollectionView<?>[] views =
        Stream.concat(
                Stream.of(shards, getInputs(), getLedger(), getBadRecords()),
                getReports().stream().map(Report::json))
            .filter(Objects::nonNull)
            .toArray(PCollectionView<?>[]::new);
    return summaries
        .getPipeline()
        .apply("Dataset", Create.of(write.getFolder()).withCoder(StringUtf8Coder.of()))
        .apply("Finalize", ParDo.of(new FinalizeFn<>(write, folder, shards)).withSideInputs(views));
  }
}
