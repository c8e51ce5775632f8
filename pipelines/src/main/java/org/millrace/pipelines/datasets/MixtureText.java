package org.millrace.pipelines.datasets;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.transforms.mix.Mixture;
import org.millrace.transforms.mix.MixtureSource.Measure;

/** A mixture as a table, for people. */
final class MixtureText {

  private MixtureText() {}

  /** The table, a line for each source, and the sum. */
  static List<String> lines(Mixture mixture) {
    List<String> lines = new ArrayList<>();
    lines.add(row("source", "asked", "share", "gets", "rows available", "samples taken", "epochs"));
    for (Mixture.Part part : mixture.parts()) {
      String what = part.source().measure() == Measure.WEIGHT ? "weight " : "epochs ";
      lines.add(
          row(
              part.source().name(),
              what + part.source().amount().toPlainString(),
              mixture.askedShare(part).map(MixtureText::percent).orElse(""),
              percent(mixture.share(part)),
              String.format(Locale.ROOT, "%,d", part.source().available()),
              String.format(Locale.ROOT, "%,d", part.samples()),
              epochs(part).toPlainString()));
    }
    long available = mixture.parts().stream().mapToLong(part -> part.source().available()).sum();
    lines.add(
        row(
            "all",
            "",
            "",
            "",
            String.format(Locale.ROOT, "%,d", available),
            String.format(Locale.ROOT, "%,d", mixture.total()),
            ""));
    return lines;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-16s %15s %9s %9s %15s %15s %9s", cells).stripTrailing();
  }

  private static String percent(BigDecimal share) {
    return share.movePointRight(2).setScale(3, RoundingMode.HALF_EVEN) + " %";
  }

  private static BigDecimal epochs(Mixture.Part part) {
    return part.source().available() == 0
        ? BigDecimal.ZERO
        : BigDecimal.valueOf(part.samples())
            .divide(BigDecimal.valueOf(part.source().available()), 3, RoundingMode.HALF_EVEN);
  }
}
