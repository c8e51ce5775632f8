package org.millrace.transforms.tokenize.bpe;

import java.util.List;
import java.util.Optional;

/**
 * All that a tokenizer.json says about encoding.
 *
 * @param literal the added tokens that are looked for in the text as it is
 * @param normalization what is done then with the text between them
 * @param normalized the added tokens that are looked for in the normalized text
 * @param preparation what is done with the text between those
 * @param scanners that cut the rest into pieces, each cutting the pieces of the one before
 * @param beginning what is put before the first piece that some of these have cut
 * @param beginningStage how many of these
 * @param model that makes tokens of pieces
 */
record TokenizerParts(
    AddedTokens literal,
    List<TextStep> normalization,
    AddedTokens normalized,
    List<TextStep> preparation,
    List<PieceScanner> scanners,
    Optional<Prepend> beginning,
    int beginningStage,
    BpeModel model) {}
