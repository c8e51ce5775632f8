package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.transforms.tokenize.ControlToken;
import org.millrace.transforms.tokenize.Tokenizer;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * The vocabulary of a corpus of token ids.
 *
 * @param size every id is below it
 * @param tokenizer what the manifest is to say of it
 * @param spec it itself, where the job names it
 * @param frame the ids that no text has: those of begin and end
 */
record WindowVocabulary(
    int size,
    ManifestHeader.Tokenizer tokenizer,
    Optional<TokenizerSpec> spec,
    Set<Integer> frame) {

  /**
   * Finds it: from the job's tokenizer, the manifest beside the npy files, or the recipe.
   *
   * @throws IllegalArgumentException where they do not agree, or there is none of them
   */
  static WindowVocabulary of(NpyCorpus corpus, String tokenizer, Optional<Integer> asked)
      throws IOException {
    Optional<ManifestHeader.Tokenizer> known =
        corpus
            .manifest()
            .map(manifest -> manifest.header().tokenizer())
            .filter(ManifestHeader.Tokenizer::isKnown);
    WindowVocabulary found =
        tokenizer.isEmpty() ? ofManifest(known, asked) : ofTokenizer(tokenizer, known);
    if (asked.isPresent() && asked.get() != found.size) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "vocabulary_size is %d, but the tokenizer %s has %d ids; set it to null",
              asked.get(),
              found.tokenizer.name(),
              found.size));
    }
    return found;
  }

  private static WindowVocabulary ofManifest(
      Optional<ManifestHeader.Tokenizer> known, Optional<Integer> asked) {
    if (known.isEmpty() && asked.isEmpty()) {
      throw new IllegalArgumentException(
          "the input has no manifest that tells how many token ids there are; give --tokenizer=PATH,"
              + " or set vocabulary_size, as --set=vocabulary_size=32000");
    }
    return new WindowVocabulary(
        known.map(ManifestHeader.Tokenizer::vocabularySize).orElseGet(asked::get),
        known.orElse(ManifestHeader.Tokenizer.UNKNOWN),
        Optional.empty(),
        Set.of());
  }

  private static WindowVocabulary ofTokenizer(
      String path, Optional<ManifestHeader.Tokenizer> known) throws IOException {
    TokenizerSpec spec = TokenizerSpec.of(path, false);
    if (known.isPresent() && !known.get().sha256().equals(spec.sha256())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "--tokenizer is %s, SHA-256 %s; but the input was made with %s, SHA-256 %s: give that"
                  + " one",
              spec.name(),
              spec.sha256(),
              known.get().name(),
              known.get().sha256()));
    }
    try (Tokenizer opened = spec.open()) {
      Set<Integer> frame = new HashSet<>();
      for (String name : new String[] {"bos", "eos"}) {
        frame(name, spec, opened).ifPresent(token -> frame.add(token.id()));
      }
      return new WindowVocabulary(
          opened.vocabularySize(),
          known.orElseGet(
              () ->
                  new ManifestHeader.Tokenizer(
                      spec.name(), spec.sha256(), opened.vocabularySize())),
          Optional.of(spec.withEngine(opened.engine())),
          Set.copyOf(frame));
    }
  }

  private static Optional<ControlToken> frame(
      String name, TokenizerSpec spec, Tokenizer tokenizer) throws IOException {
    try {
      return name.equals("bos")
          ? ControlToken.bos("auto", spec, tokenizer)
          : ControlToken.eos("auto", spec, tokenizer);
    } catch (IllegalArgumentException e) {
      // A vocabulary need not have one; then there is nothing to leave out.
      return Optional.empty();
    }
  }
}
