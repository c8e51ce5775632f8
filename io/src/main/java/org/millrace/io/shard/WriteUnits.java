package org.millrace.io.shard;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.millrace.io.document.InputCount;
import org.millrace.io.failure.FailureIO;
import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Traceable;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.StepOutput;

/** See {@link ShardIO.Write#units}. */
final class WriteUnits<T extends Traceable> extends PTransform<PBegin, PCollection<String>> {

  private final ShardIO.Write<T> write;
  private final ShardSource<T> source;
  private final Coder<T> coder;

  WriteUnits(ShardIO.Write<T> write, ShardSource<T> source, Coder<T> coder) {
    this.write = write;
    this.source = source;
    this.coder = coder;
  }

  @Override
  public PCollection<String> expand(PBegin begin) {
    write.checkComplete();
    Sealing sealing = write.getSealing();
    checkArgument(
        sealing.getInputs() == null
            && sealing.getLedger() == null
            && sealing.getBadRecords() == null,
        "units(...) counts inputs, ledger and bad records by itself; give none of them");
    DatasetFolder folder = write.folder(begin.getPipeline());
    PCollectionTuple made =
        begin
            .apply("Shards", Read.from(new ShardNumbers(0, write.getParts().shards())))
            .apply(
                "WriteUnit",
                ParDo.of(new WriteUnitFn<>(folder, write.writing(), source, coder))
                    .withOutputTags(
                        WriteUnitFn.SUMMARIES, StepOutput.SIDE_TAGS.and(WriteUnitFn.INPUTS)));
    ShardIO.Write<T> counted =
        write
            .withInputs(
                made.get(WriteUnitFn.INPUTS)
                    .setCoder(InputCount.InputCountCoder.of())
                    .apply("Inputs", View.asIterable()))
            .withLedger(
                made.get(StepOutput.ENTRIES)
                    .setCoder(LedgerEntry.LedgerEntryCoder.of())
                    .apply("Ledger", Ledger.sum().asSingletonView()))
            .withBadRecords(
                made.get(StepOutput.BAD_RECORDS)
                    .setCoder(BadRecord.BadRecordCoder.of())
                    .apply("WriteFailures", FailureIO.write().to(write.getFolder()))
                    .apply("BadRecordCount", View.asSingleton()));
    return counted
        .getSealing()
        .seal(
            counted,
            folder,
            made.get(WriteUnitFn.SUMMARIES).setCoder(ShardSummary.ShardSummaryCoder.of()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    write.populateDisplayData(builder);
  }
}
