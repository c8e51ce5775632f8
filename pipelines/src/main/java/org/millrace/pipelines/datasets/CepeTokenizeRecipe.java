package org.millrace.pipelines.datasets;

import java.util.List;
import java.util.Optional;
import org.millrace.pipelines.recipe.Setting;

/** What decides the output of the {@code cepe-tokenize} pipeline. */
public record CepeTokenizeRecipe(
    @Setting(
            doc = "The share of records that may be bad; with more, the run seals no output.",
            defaultsTo = "0.001",
            min = 0,
            max = 1)
        double maxBadFraction,
    @Setting(
            doc =
                "The domains by their names in the input, each with the name that it is to have, as"
                    + " common_crawl=cc; without one it keeps its own.")
        List<String> domains,
    @Setting(
            doc =
                "The field that holds a document's domain, as meta.redpajama_set_name: each file"
                    + " makes one of each domain then, in a folder of its own. null takes the domain"
                    + " from the folders in a file's path.")
        Optional<String> domainField,
    @Setting(doc = "How input files become documents.") ReadSettings read,
    @Setting(doc = "How text becomes token ids.") TokenizeSettings tokenize,
    @Setting(doc = "How npy is written.") OutputSettings.Npy npy) {

  public CepeTokenizeRecipe {
    DomainNames.parse(domains);
  }

  /** The same with the tokens that a tokenizer has for what was asked. */
  CepeTokenizeRecipe with(TokenizeSettings resolved) {
    return new CepeTokenizeRecipe(maxBadFraction, domains, domainField, read, resolved, npy);
  }
}
