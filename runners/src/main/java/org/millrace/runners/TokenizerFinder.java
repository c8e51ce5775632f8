package org.millrace.runners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.pipelines.Datasets;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerEngine;
import org.millrace.transforms.tokenize.TokenizerSpec;

/** Finds the tokenizer that a dataset was made with. */
final class TokenizerFinder {

  /** Where a conversion's recipe keeps that of what was converted. */
  private static final String SOURCE = "/convert/sources/0/recipe";

  private TokenizerFinder() {}

  /**
   * The tokenizer at a path, or, without one, that of a bundled recipe where it is the right one.
   *
   * @param path may be empty
   * @throws UsageException when it is not the tokenizer that the manifest names
   */
  static Optional<TokenizerSpec> find(String path, Manifest manifest) throws IOException {
    ManifestHeader.Tokenizer wanted = manifest.header().tokenizer();
    if (!wanted.isKnown()) {
      return find(path);
    }
    if (!path.isEmpty()) {
      TokenizerSpec spec = forDecoding(path);
      if (!spec.sha256().equals(wanted.sha256())) {
        throw new UsageException(
            String.format(
                "the tokenizer %s is not that of the dataset: expected SHA-256 %s (%s), got %s",
                path, wanted.sha256(), wanted.name(), spec.sha256()));
      }
      return Optional.of(spec);
    }
    for (String name : Datasets.bundledRecipes()) {
      Optional<Path> bundled =
          Datasets.recipe(name, List.of()).defaults().tokenizer().map(Home::resolve);
      if (bundled.isPresent() && Files.exists(bundled.get())) {
        TokenizerSpec spec = forDecoding(bundled.get().toString());
        if (spec.sha256().equals(wanted.sha256())) {
          return Optional.of(spec);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The tokenizer at a path, for tokens of which it is not known who made them.
   *
   * @param path may be empty
   */
  static Optional<TokenizerSpec> find(String path) throws IOException {
    return path.isEmpty() ? Optional.empty() : Optional.of(forDecoding(path));
  }

  /** The library decodes in any case, so that the Java engine would only take memory. */
  private static TokenizerSpec forDecoding(String path) throws IOException {
    return TokenizerSpec.of(path, false).withEngine(TokenizerEngine.DJL);
  }

  /** The token that ends documents, as the recipe in the manifest names it. */
  static OptionalInt endOfText(Manifest manifest, Tokenizer tokenizer) throws IOException {
    JsonNode recipe = new ObjectMapper().readTree(manifest.header().recipe());
    while (recipe.at(SOURCE).isObject()) {
      recipe = recipe.at(SOURCE);
    }
    JsonNode eos = recipe.at("/tokenize/add_eos");
    if (eos.isIntegralNumber() && eos.canConvertToInt()) {
      return OptionalInt.of(eos.intValue());
    }
    return eos.isTextual() && !eos.textValue().equals("none")
        ? tokenizer.idOf(eos.textValue())
        : OptionalInt.empty();
  }
}
