package org.millrace.pipelines.datasets;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A domain and its share of all samples; in a recipe {@code arxiv=0.025}.
 *
 * @param name of the folder that its files are in, wherever it stands in their paths
 * @param weight above 0, at most 1
 */
record DomainShare(String name, BigDecimal weight) implements Serializable {

  private static final String FORM = "domains must be written as name=weight, like arxiv=0.025, ";

  /**
   * Reads the domains of a recipe.
   *
   * @throws IllegalArgumentException where one cannot be read, is there twice, or all weigh more
   *     than 1
   */
  static List<DomainShare> parse(List<String> texts) {
    List<DomainShare> shares = texts.stream().map(DomainShare::parse).toList();
    Set<String> names = new HashSet<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (DomainShare share : shares) {
      checkArgument(names.add(share.name), "domains must differ, but %s is there twice", share.name);
      sum = sum.add(share.weight);
    }
    checkArgument(
        sum.compareTo(BigDecimal.ONE) <= 0,
        "the weights of domains must be at most 1 together, were %s",
        sum.toPlainString());
    return shares;
  }

  private static DomainShare parse(String text) {
    int equals = text.lastIndexOf('=');
    String name = text.substring(0, Math.max(0, equals)).strip();
    checkArgument(
        name.matches("[\\p{L}\\p{N}._+@,~ -]+") && !name.matches("\\.+"), "%swas %s", FORM, text);
    String weight = text.substring(equals + 1).strip();
    checkArgument(weight.matches("[0-9]*\\.?[0-9]{1,18}"), "%swas %s", FORM, text);
    BigDecimal number = new BigDecimal(weight);
    checkArgument(
        number.signum() > 0 && number.compareTo(BigDecimal.ONE) <= 0,
        "the weight of a domain must be above 0, at most 1, was %s",
        text);
    return new DomainShare(name, number);
  }
}
