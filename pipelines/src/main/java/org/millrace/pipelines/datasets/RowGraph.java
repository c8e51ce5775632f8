package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.io.document.InputFiles;
import org.millrace.io.failure.FailureIO;
import org.millrace.io.hdf5.Hdf5IO;
import org.millrace.io.hdf5.Hdf5Row;
import org.millrace.io.hdf5.Hdf5Rows;
import org.millrace.io.hdf5.Hdf5Settings;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.shard.ShardIO;
import org.millrace.pipelines.Job;
import org.millrace.pipelines.recipe.Recipe;
import org.millrace.transforms.ledger.Accounts;
import org.millrace.transforms.ledger.Ledger;

/**
 * What pipelines over finished rows have in common: where rows come from, and where they go.
 *
 * @param rows what is read
 * @param job where it is
 * @param read how
 * @param output how they are written
 */
record RowGraph(Hdf5Rows rows, Job job, RowSettings.Read read, RowSettings.Output output) {

  private static final List<String> EXTENSIONS = List.of(".h5", ".hdf5");

  /** The files of an input. */
  static InputFiles files(Job job) throws IOException {
    return InputFiles.match(job.input(), EXTENSIONS);
  }

  /** What the manifest says of recipe and tokenizer, the latter of which is not known. */
  static ManifestHeader header(Recipe<?> recipe) {
    return new ManifestHeader(
        recipe.canonicalJson(), recipe.sha256(), ManifestHeader.Tokenizer.UNKNOWN);
  }

  /** Whether rows are read only when they are written. */
  boolean inPlace() {
    return switch (read.moves()) {
      case PLACES -> true;
      case ROWS -> false;
      case AUTO -> rows.files().stream().allMatch(file -> file.resource().startsWith("/"));
    };
  }

  /** In words, for people. */
  String described() {
    long other = rows.rows() - rows.wholeRows();
    return String.format(
        Locale.ROOT,
        "%,d rows of %,d tokens; %s",
        rows.rows(),
        rows.length(),
        other == 0
            ? "each is carried over as it is stored"
            : String.format(
                Locale.ROOT, "%,d are stored in another form, and will be compressed anew", other));
  }

  Hdf5IO.ReadOutput read(Pipeline pipeline) {
    return pipeline.apply(
        "Read",
        Hdf5IO.read(rows)
            .withStreamsInPlace(inPlace())
            .withChecked(read.check())
            .withGzipLevel(output.hdf5().gzipLevel()));
  }

  /** A write of the rows, with inputs and ledger. */
  ShardIO.Write<Hdf5Row> write(
      Pipeline pipeline,
      Recipe<?> recipe,
      Hdf5IO.ReadOutput readOutput,
      Accounts accounts,
      PCollectionView<Ledger> ledger) {
    return ShardIO.<Hdf5Row>write()
        .to(job.output())
        .withNumShards(output.numShards())
        .withHeader(header(recipe))
        .withInputs(readOutput.inputs().apply("Inputs", View.asIterable()))
        .withLedger(ledger)
        .withBadRecords(
            accounts
                .badRecords(pipeline)
                .apply("WriteFailures", FailureIO.write().to(job.output()))
                .apply("BadRecordCount", View.asSingleton()))
        .withMaxBadFraction(0)
        .via(Hdf5IO.FORMAT, Hdf5IO.carried(rows, read.check(), settings()));
  }

  private Hdf5Settings settings() {
    Hdf5Settings.FileNames names =
        switch (output.hdf5().naming()) {
          case DATA -> Hdf5Settings.FileNames.DATA;
          case EXAMPLES -> Hdf5Settings.FileNames.EXAMPLES;
        };
    return new Hdf5Settings(
        rows.length(),
        Integer.MAX_VALUE,
        output.hdf5().gzipLevel(),
        output.hdf5().rowsPerFile().orElse(0),
        names);
  }
}
