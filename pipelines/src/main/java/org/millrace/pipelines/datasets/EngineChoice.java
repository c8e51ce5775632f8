package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.List;
import org.millrace.io.document.DocumentIO;
import org.millrace.transforms.tokenize.EngineCheck;
import org.millrace.transforms.tokenize.TokenizerEngine;
import org.millrace.transforms.tokenize.TokenizerMismatchException;
import org.millrace.transforms.tokenize.TokenizerSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what encodes: once, in the launcher, so that all workers do as the manifest says. Java is
 * compared with the library on texts of the input before.
 */
final class EngineChoice {

  private static final Logger LOG = LoggerFactory.getLogger(EngineChoice.class);

  /** Compares the engines of a tokenizer on texts. */
  interface Check {
    void run(TokenizerSpec spec, List<String> texts) throws IOException;
  }

  private final Check check;

  EngineChoice() {
    this(EngineCheck::run);
  }

  EngineChoice(Check check) {
    this.check = check;
  }

  /**
   * The spec with the engine that is to be used.
   *
   * @param spec with the engine that its file allows
   * @throws TokenizerMismatchException where Java is wrong, and the recipe has no other way
   */
  TokenizerSpec of(
      TokenizeSettings.OnMismatch onMismatch, TokenizerSpec spec, DocumentIO.Read input)
      throws IOException {
    if (spec.engine() != TokenizerEngine.JAVA) {
      return spec;
    }
    try {
      check.run(spec, input.firstTexts());
      return spec;
    } catch (TokenizerMismatchException e) {
      switch (onMismatch) {
        case FAIL -> throw e;
        case DJL ->
            LOG.warn(
                "tokenizer {}: the Java encoder is wrong about a text of this input or a made one; the"
                    + " library encodes instead, as tokenize.on_mismatch is djl",
                spec.name());
      }
      return spec.withEngine(TokenizerEngine.DJL);
    }
  }
}
