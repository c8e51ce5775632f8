package org.millrace.pipelines.datasets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollectionView;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.mix.Mixture;
import org.millrace.transforms.mix.MixtureSource.Measure;

/**
 * What a mixture was to be and what it has become, for the manifest: computed from what the ledger
 * has counted, and an error where that is not what was planned.
 *
 * <pre>
 * {"samples", "sources": [{"achieved_share", "asked_share", "available", "distinct", "epochs",
 *                          "name", "repeats", "samples", "weight"}]}
 * </pre>
 *
 * Where a source was asked for by epochs, it has these in the place of its weight and no asked
 * share.
 */
final class MixtureReport {

  /** Digits that no share of a dataset needs more of. */
  private static final MathContext DIGITS = new MathContext(9, RoundingMode.HALF_EVEN);

  private MixtureReport() {}

  static PCollectionView<String> of(
      Pipeline pipeline, Mixture mixture, PCollectionView<Ledger> ledger) {
    return pipeline
        .apply("Mixture", Create.of("").withCoder(StringUtf8Coder.of()))
        .apply("Report", ParDo.of(new ReportFn(mixture, ledger)).withSideInputs(ledger))
        .apply("MixtureReport", View.asSingleton());
  }

  private static final class ReportFn extends DoFn<String, String> {
    private final Mixture mixture;
    private final PCollectionView<Ledger> ledger;

    ReportFn(Mixture mixture, PCollectionView<Ledger> ledger) {
      this.mixture = mixture;
      this.ledger = ledger;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      context.output(json(mixture, context.sideInput(ledger)));
    }
  }

  static String json(Mixture mixture, Ledger ledger) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("samples", mixture.total());
    ArrayNode sources = report.putArray("sources");
    for (Mixture.Part part : mixture.parts()) {
      long counted = counted(ledger, part.source().name());
      if (counted != part.samples()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "source %s: expected %d samples by the mixture, got %d",
                part.source().name(),
                part.samples(),
                counted));
      }
      sources.add(source(mixture, part, counted));
    }
    return report.toString();
  }

  /** What has come in, repeats among it, without what was not taken. */
  private static long counted(Ledger ledger, String source) {
    long samples = 0;
    for (LedgerEntry entry : ledger.entries()) {
      if (entry.source().equals(source)) {
        samples += (entry.reason().equals(Ledger.READ) ? 1 : -1) * entry.documents();
      }
    }
    return samples;
  }

  private static ObjectNode source(Mixture mixture, Mixture.Part part, long counted) {
    ObjectNode source = JsonNodeFactory.instance.objectNode();
    BigDecimal share =
        BigDecimal.valueOf(counted).divide(BigDecimal.valueOf(mixture.total()), DIGITS);
    source.put("achieved_share", plain(share));
    mixture.askedShare(part).ifPresent(asked -> source.put("asked_share", plain(asked)));
    source.put("available", part.source().available());
    source.put("distinct", part.distinct());
    boolean weighted = part.source().measure() == Measure.WEIGHT;
    if (!weighted) {
      source.put("epochs", plain(part.source().amount()));
    }
    source.put("name", part.source().name());
    source.put("repeats", counted - part.distinct());
    source.put("samples", counted);
    if (weighted) {
      source.put("weight", plain(part.source().amount()));
    }
    return source;
  }

  private static BigDecimal plain(BigDecimal number) {
    BigDecimal rounded = number.round(DIGITS).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }
}
