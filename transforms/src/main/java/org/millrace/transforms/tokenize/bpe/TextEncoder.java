package org.millrace.transforms.tokenize.bpe;

import java.util.List;

/** Encodes one text at a time; keeps all memory that this takes, for the next text. */
final class TextEncoder {

  private static final int NONE = -1;

  private final TokenizerParts parts;
  private final PieceScanner[] scanners;
  private final PieceEncoder pieces;
  private final ByteText input = new ByteText();
  private final ByteText[] steps;
  private final IdBuffer out = new IdBuffer();
  private final AddedTokens.Parts literalParts;
  private final AddedTokens.Parts normalizedParts;
  // Of what is put before the first piece: after how many scanners, and where that piece begins.
  private final int beginningStage;
  private final ByteText beginning = new ByteText();
  private int beginsAt = NONE;
  private boolean first;

  TextEncoder(TokenizerParts parts) {
    this.parts = parts;
    this.scanners = parts.scanners().toArray(PieceScanner[]::new);
    this.pieces = new PieceEncoder(parts.model());
    this.steps = new ByteText[parts.normalization().size() + parts.preparation().size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new ByteText();
    }
    this.beginningStage = parts.beginning().isPresent() ? parts.beginningStage() : NONE;
    this.literalParts = parts(this::normalize);
    this.normalizedParts = parts(this::prepare);
  }

  private interface TextPart {
    void take(byte[] text, int from, int to) throws UnsupportedTextException;
  }

  private AddedTokens.Parts parts(TextPart text) {
    return new AddedTokens.Parts() {
      @Override
      public void text(byte[] bytes, int from, int to) throws UnsupportedTextException {
        text.take(bytes, from, to);
        first = false;
      }

      @Override
      public void token(int id) {
        out.add(id);
        first = false;
      }
    };
  }

  int[] encode(String text) throws UnsupportedTextException {
    out.clear();
    first = true;
    input.set(text);
    try {
      if (parts.literal().isEmpty()) {
        normalize(input.bytes(), 0, input.length());
      } else {
        parts.literal().split(input.bytes(), 0, input.length(), literalParts);
      }
      return out.toArray();
    } finally {
      input.trim();
      beginning.trim();
      for (ByteText step : steps) {
        step.trim();
      }
    }
  }

  private void normalize(byte[] text, int from, int to) throws UnsupportedTextException {
    run(parts.normalization(), 0, text, from, to, this::splitNormalized);
  }

  private void splitNormalized(byte[] text, int from, int to) throws UnsupportedTextException {
    if (parts.normalized().isEmpty()) {
      prepare(text, from, to);
    } else {
      parts.normalized().split(text, from, to, normalizedParts);
    }
  }

  private void prepare(byte[] text, int from, int to) throws UnsupportedTextException {
    run(parts.preparation(), parts.normalization().size(), text, from, to, this::cut);
  }

  /** Applies steps, each with a buffer of its own, and hands on what comes out. */
  private void run(List<TextStep> run, int buffer, byte[] text, int from, int to, TextPart next)
      throws UnsupportedTextException {
    byte[] bytes = text;
    int start = from;
    int end = to;
    for (int i = 0; i < run.size(); i++) {
      ByteText target = steps[buffer + i];
      target.clear();
      if (run.get(i).apply(bytes, start, end, first, target)) {
        bytes = target.bytes();
        start = 0;
        end = target.length();
      }
    }
    next.take(bytes, start, end);
  }

  private void cut(byte[] text, int from, int to) {
    beginsAt = first ? from : NONE;
    cut(0, text, from, to);
  }

  private void cut(int stage, byte[] text, int from, int to) {
    if (stage == beginningStage && from == beginsAt) {
      cutBeginning(text, from, to);
      return;
    }
    if (stage == scanners.length) {
      if (from < to) {
        pieces.encode(text, from, to, out);
      }
      return;
    }
    PieceScanner scanner = scanners[stage];
    boolean last = stage + 1 == scanners.length && beginningStage != scanners.length;
    for (int at = from; at < to; ) {
      int end = scanner.end(text, at, to);
      if (last) {
        pieces.encode(text, at, end, out);
      } else {
        cut(stage + 1, text, at, end);
      }
      at = end;
    }
  }

  private void cutBeginning(byte[] text, int from, int to) {
    beginsAt = NONE;
    beginning.clear();
    if (parts.beginning().get().apply(text, from, to, true, beginning)) {
      cut(beginningStage, beginning.bytes(), 0, beginning.length());
    } else {
      cut(beginningStage, text, from, to);
    }
  }
}
