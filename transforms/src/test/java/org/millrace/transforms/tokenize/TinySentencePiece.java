package org.millrace.transforms.tokenize;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A SentencePiece model of type BPE with byte fallback: {@code <unk>}, {@code <s>}, {@code </s>},
 * 256 bytes from id 3 on, then its own pieces, the first of which are joined first.
 */
final class TinySentencePiece {

  static final int NORMAL = 1;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int FIRST_BYTE = 3;
  static final int FIRST_PIECE = 259;

  private final ByteArrayOutputStream model = new ByteArrayOutputStream();
  private int pieces;

  TinySentencePiece(String... own) {
    with("<unk>", 2).with("<s>", CONTROL).with("</s>", CONTROL);
    for (int i = 0; i < 256; i++) {
      with(String.format(Locale.ROOT, "<0x%02X>", i), 6);
    }
    for (String piece : own) {
      with(piece, NORMAL);
    }
  }

  TinySentencePiece with(String piece, int type) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    bytes(message, 1, piece.getBytes(StandardCharsets.UTF_8));
    message.write(2 << 3 | 5);
    int score = Float.floatToIntBits(-pieces++);
    for (int shift = 0; shift < 32; shift += 8) {
      message.write(score >>> shift);
    }
    number(message, 3, type);
    bytes(model, 1, message.toByteArray());
    return this;
  }

  /** The whole, with its settings. */
  byte[] bytes(boolean prefixed, boolean trimmed) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(model.toByteArray());
    ByteArrayOutputStream trainer = new ByteArrayOutputStream();
    number(trainer, 3, 2);
    number(trainer, 35, 1);
    bytes(whole, 2, trainer.toByteArray());
    ByteArrayOutputStream normalizer = new ByteArrayOutputStream();
    bytes(normalizer, 1, "identity".getBytes(StandardCharsets.UTF_8));
    number(normalizer, 3, prefixed ? 1 : 0);
    number(normalizer, 4, trimmed ? 1 : 0);
    bytes(whole, 3, normalizer.toByteArray());
    return whole.toByteArray();
  }

  /** Writes it, with a blank before a text and no blank taken away, as LLaMA's is. */
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve("tokenizer.model"), bytes(true, false));
  }

  private static void number(ByteArrayOutputStream out, int field, int value) {
    varint(out, field << 3);
    varint(out, value);
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      out.write(rest | 0x80);
    }
    out.write(rest);
  }
}
