package org.millrace.pipelines.datasets;

import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.io.document.DocumentFields;
import org.millrace.io.document.DocumentFormat;
import org.millrace.io.document.DocumentIO;
import org.millrace.io.document.InvalidText;
import org.millrace.io.file.NumberSelector;
import org.millrace.pipelines.Job;
import org.millrace.transforms.clean.NormalizeText;
import org.millrace.transforms.fim.FimSettings;
import org.millrace.transforms.pack.PackSequences;
import org.millrace.transforms.sample.SampleDocuments;
import org.millrace.transforms.tokenize.EncoderSettings;
import org.millrace.transforms.tokenize.Tokenize;
import org.millrace.transforms.tokenize.TokenizerSpec;

/**
 * The sections of a recipe as configured transforms.
 *
 * @param recipe what was asked for
 * @param tokens that it leads to
 * @param tokenizer that encodes
 */
record Stages(PretrainRecipe recipe, PretrainTokens tokens, TokenizerSpec tokenizer) {

  /** How input files are told apart. */
  static DocumentFormat format(ReadSettings read) {
    return switch (read.format()) {
      case AUTO -> DocumentFormat.AUTO;
      case JSONL -> DocumentFormat.JSONL;
      case PARQUET -> DocumentFormat.PARQUET;
      case TEXT -> DocumentFormat.TEXT;
    };
  }

  /** Which of the input's files are read, where it is not all. */
  static Optional<NumberSelector> selector(ReadSettings read) {
    return read.select().map(select -> new NumberSelector(select.modulus(), select.remainder()));
  }

  /** What reads the input. */
  static DocumentIO.Read read(ReadSettings read, Job job) {
    DocumentFields fields = DocumentFields.defaults().withText(read.textFields());
    fields = read.idField().map(fields::withId).orElse(fields);
    fields = read.metaFields().map(fields::withMeta).orElse(fields);
    if (read.sourceField().isPresent()) {
      fields = fields.withSource(read.sourceField().get(), read.sources().orElse(List.of()));
    }
    fields =
        switch (read.jsonTexts()) {
          case FIELD -> fields;
          case ANY -> fields.withBareTexts();
        };
    DocumentIO.Read documents =
        DocumentIO.read()
            .from(job.input())
            .withFields(fields)
            .withFormat(format(read))
            .withMaxDocumentBytes(read.maxDocumentBytes())
            .withInvalidText(
                switch (read.invalidText()) {
                  case REJECT -> InvalidText.REJECT;
                  case REPLACE -> InvalidText.REPLACE;
                });
    documents = selector(read).map(documents::withSelector).orElse(documents);
    return read.source().map(documents::withSource).orElse(documents);
  }

  /** What keeps a part of the documents, where it is asked for. */
  Optional<SampleDocuments> sample() {
    return recipe.sample().map(s -> SampleDocuments.atRate(s.rate()).withSeed(recipe.seed()));
  }

  /** What brings texts into one form, where it is asked for. */
  Optional<NormalizeText> normalize() {
    return recipe.normalize().map(Stages::normalize);
  }

  private static NormalizeText normalize(PretrainRecipe.Normalize asked) {
    NormalizeText normalize =
        asked.mojibake()
            ? NormalizeText.unchanged().withMojibakeMended()
            : NormalizeText.unchanged();
    return switch (asked.form()) {
      case NONE -> normalize;
      case NFC -> normalize.withForm(Normalizer.Form.NFC);
      case NFD -> normalize.withForm(Normalizer.Form.NFD);
      case NFKC -> normalize.withForm(Normalizer.Form.NFKC);
      case NFKD -> normalize.withForm(Normalizer.Form.NFKD);
    };
  }

  /** What encodes texts. */
  Tokenize tokenize() {
    return Tokenize.using(
        encoder(
            recipe.tokenize(),
            tokenizer,
            PretrainTokens.id(tokens.bos()),
            PretrainTokens.id(tokens.eos())));
  }

  /** How texts are encoded, with ids before and after each. */
  static EncoderSettings encoder(
      TokenizeSettings section, TokenizerSpec spec, OptionalInt bos, OptionalInt eos) {
    EncoderSettings settings = EncoderSettings.using(spec);
    settings = bos.isPresent() ? settings.withBos(bos.getAsInt()) : settings;
    settings = eos.isPresent() ? settings.withEos(eos.getAsInt()) : settings;
    Optional<Integer> chunk = section.chunkCharacters();
    return chunk.isPresent() ? settings.withChunksOf(chunk.get()) : settings;
  }

  /**
   * What joins documents to samples.
   *
   * @param apart the sources to pack apart; empty where all are packed together
   */
  PackSequences pack(List<String> apart) {
    PretrainRecipe.Pack pack = recipe.pack().orElseThrow();
    PackSequences sequences =
        PackSequences.toLength(pack.sequenceLength())
            .withBuckets(pack.buckets())
            .withShortSequences(pack.shortSeqProb(), recipe.seed());
    sequences = apart.isEmpty() ? sequences : sequences.bySource(apart);
    boolean pads = pack.leftover() == PretrainRecipe.Leftover.PAD;
    return pack.pads()
        ? sequences.withPadding(tokens.pad().orElseThrow().id()).withLeftoverPadded(pads)
        : sequences;
  }

  /** How texts are permuted, where it is asked for. */
  Optional<FimSettings> fim() {
    return recipe.fim().map(this::fim);
  }

  private FimSettings fim(FimSection asked) {
    FimSettings fim =
        FimSettings.of(tokens.sentinels().orElseThrow().tokens())
            .withRate(asked.rate())
            .withSpmRate(asked.spmRate())
            .withSpmVariant(asked.spmVariant())
            .withSeed(recipe.seed());
    OptionalInt bos = PretrainTokens.id(tokens.bos());
    OptionalInt eos = PretrainTokens.id(tokens.eos());
    fim = bos.isPresent() ? fim.withBos(bos.getAsInt()) : fim;
    fim = eos.isPresent() ? fim.withEos(eos.getAsInt()) : fim;
    return switch (asked.span()) {
      case TOKEN -> fim;
      case CHAR -> fim.withCharacters(tokenizer);
    };
  }
}
