package org.millrace.pipelines.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.millrace.transforms.fim.FimCount;
import org.millrace.transforms.fim.FimCounts;
import org.millrace.transforms.fim.FimSentinels;

/**
 * What a manifest says of fill-in-the-middle, as JSON under {@code reports.fim}: the sentinels, how
 * many texts met which fate, and the rates that were achieved beside those asked for. The standard
 * error is that of a binomial share: {@code sqrt(p (1 - p) / n)} with the rate asked for as p.
 *
 * @param section of the recipe
 * @param sentinels that are used
 */
record FimReport(FimSection section, FimSentinels sentinels)
    implements SerializableFunction<FimCounts, String> {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Rates are rounded, half to even, so that every machine writes the same digits. */
  private static final int DIGITS = 6;

  @Override
  public String apply(FimCounts counts) {
    ObjectNode report = MAPPER.createObjectNode();
    report.put("span", section.span().name().toLowerCase(Locale.ROOT));
    report.put("unit", section.unit().name().toLowerCase(Locale.ROOT));
    ObjectNode tokens = report.putObject("sentinels");
    for (FimSentinels.Sentinel sentinel : sentinels.sentinels()) {
      tokens
          .putObject(sentinel.role())
          .put("text", sentinel.text())
          .put("id", sentinel.id())
          .put("added", sentinel.added());
    }
    for (FimCount what : FimCount.values()) {
      report.put(what.name().toLowerCase(Locale.ROOT), counts.get(what));
    }
    report.put("permuted", counts.permuted());
    rate(report.putObject("rate"), section.rate(), counts.get(FimCount.DRAWN), counts.eligible());
    rate(
        report.putObject("spm_rate"),
        section.spmRate(),
        counts.get(FimCount.SPM),
        counts.permuted());
    try {
      return MAPPER.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of plain values has no JSON", e);
    }
  }

  private static void rate(ObjectNode target, double asked, long drawn, long of) {
    target.put("asked", asked).put("drawn", drawn).put("of", of);
    if (of > 0) {
      target.put("achieved", rounded((double) drawn / of));
      target.put("standard_error", rounded(Math.sqrt(asked * (1 - asked) / of)));
    }
  }

  private static BigDecimal rounded(double number) {
    return new BigDecimal(number).setScale(DIGITS, RoundingMode.HALF_EVEN);
  }
}
