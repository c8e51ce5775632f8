package org.millrace.transforms.tokenize;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.millrace.transforms.data.TokenIds;

/**
 * The pieces of a SentencePiece model, and their way back to text.
 *
 * <p>Of the file, which is a Protocol Buffers message, this is used:
 *
 * <pre>
 * Model --> Piece* (field 1), Trainer (2), Normalizer (3), Denormalizer (5)
 *   Piece --> text (1), type (3): 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte
 *   Trainer --> text that is shown for the unknown piece (44), which is " \u2047 " by default
 *   Normalizer --> whether a blank is put before a text (3), and whether blanks in excess are
 *                  taken away (4); both by default
 *   Denormalizer --> rules (2)
 * </pre>
 *
 * The id of a piece is its place. Decoding is done here, not in the library, because DJL hands the
 * library's text to Java as text in another encoding: what has a character beyond U+FFFF is lost.
 *
 * @see <a href="https://github.com/google/sentencepiece/blob/v0.2.0/src/sentencepiece_model.proto">
 *     sentencepiece_model.proto</a>
 */
final class SentencePieceModel {

  /** More come from damage, not from a vocabulary. */
  private static final int MAX_PIECES = 1 << 24;

  /** U+2581, which stands for a blank in pieces. */
  private static final char BLANK = '\u2581';

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;

  private final String name;
  private final List<String> pieces = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private String unknownText = " \u2047 ";
  private boolean prefixed = true;
  private boolean trimmed = true;
  private boolean denormalized;

  /**
   * Reads a model.
   *
   * @param name of the file, for errors
   * @throws IllegalArgumentException where it is not one
   */
  SentencePieceModel(String name, byte[] bytes) {
    this.name = name;
    ProtobufReader model = new ProtobufReader(name, bytes);
    for (int field = model.next(); field != 0; field = model.next()) {
      switch (field) {
        case 1 -> readPiece(model.message());
        case 2 -> readTrainer(model.message());
        case 3 -> readNormalizer(model.message());
        case 5 -> readDenormalizer(model.message());
        default -> {} // of no use here
      }
    }
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException(
          name
              + " is not a SentencePiece model: it has no pieces; give the .model that was trained");
    }
  }

  private void readPiece(ProtobufReader piece) {
    String text = "";
    int type = NORMAL;
    for (int field = piece.next(); field != 0; field = piece.next()) {
      if (field == 1) {
        text = piece.text();
      } else if (field == 3) {
        type = (int) Math.min(Integer.MAX_VALUE, Math.max(0, piece.number()));
      }
    }
    int id = pieces.size();
    if (text.isEmpty() || id == MAX_PIECES || type < NORMAL || type > BYTE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: piece %d: expected a text and a type in 1..6, and at most %d pieces, got \"%s\""
                  + " of type %d",
              name,
              id,
              MAX_PIECES,
              text,
              type));
    }
    if (type == BYTE) {
      byteOf(text);
    }
    pieces.add(text);
    types.add(type);
    ids.putIfAbsent(text, id);
  }

  private int byteOf(String piece) {
    if (!piece.matches("<0x[0-9A-F]{2}>")) {
      throw new IllegalArgumentException(
          name + ": a piece of type byte must be <0x00> to <0xFF>, was " + piece);
    }
    return Integer.parseInt(piece.substring(3, 5), 16);
  }

  private void readTrainer(ProtobufReader trainer) {
    for (int field = trainer.next(); field != 0; field = trainer.next()) {
      if (field == 44) {
        unknownText = trainer.text();
      }
    }
  }

  private void readNormalizer(ProtobufReader normalizer) {
    for (int field = normalizer.next(); field != 0; field = normalizer.next()) {
      if (field == 3) {
        prefixed = normalizer.number() != 0;
      } else if (field == 4) {
        trimmed = normalizer.number() != 0;
      }
    }
  }

  private void readDenormalizer(ProtobufReader denormalizer) {
    for (int field = denormalizer.next(); field != 0; field = denormalizer.next()) {
      if (field == 2) {
        denormalized = denormalizer.bytes().length > 0;
      }
    }
  }

  /** The file's name. */
  String name() {
    return name;
  }

  /** The number of pieces. */
  int size() {
    return pieces.size();
  }

  OptionalInt idOf(String piece) {
    Integer id = ids.get(piece);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  Optional<String> pieceOf(int id) {
    return id >= 0 && id < pieces.size() ? Optional.of(pieces.get(id)) : Optional.empty();
  }

  /**
   * Whether no text may become this id: the library makes none of text, but for user-defined ones
   * by the name of a beginning or an end.
   */
  boolean isControl(int id) {
    int type = types.get(id);
    return type == CONTROL || (type == USER_DEFINED && ControlToken.isWellKnown(pieces.get(id)));
  }

  /** Whether the library changes what it decoded, by rules that are not read here. */
  boolean isDenormalized() {
    return denormalized;
  }

  /** The text of ids; control pieces have none. */
  String decode(TokenIds tokens) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    StringBuilder decoded = new StringBuilder();
    boolean begins = true;
    boolean tookBlank = false;
    for (int i = 0; i < tokens.length(); i++) {
      int id = tokens.get(i);
      if (types.get(id) == BYTE) {
        text.write(byteOf(pieces.get(id)));
        continue;
      }
      flush(text, decoded);
      begins = begins && !tookBlank && decoded.length() == 0;
      String piece = surface(id);
      tookBlank = false;
      if (begins
          && (prefixed || trimmed)
          && piece.startsWith(Character.toString(BLANK))
          && types.get(id) != UNKNOWN) {
        piece = piece.substring(1);
        // Where blanks in excess are no part of a text, all that it begins with go.
        tookBlank = !trimmed;
      }
      decoded.append(types.get(id) == UNKNOWN ? piece : piece.replace(BLANK, ' '));
    }
    flush(text, decoded);
    return decoded.toString();
  }

  private String surface(int id) {
    return switch (types.get(id)) {
      case CONTROL -> "";
      case UNKNOWN -> unknownText;
      default -> pieces.get(id);
    };
  }

  private static void flush(ByteArrayOutputStream run, StringBuilder decoded) {
    byte[] bytes = run.toByteArray();
    int at = 0;
    while (at < bytes.length) {
      int length = validLength(bytes, at);
      // As the library does: one for each byte that is no part of a character.
      decoded.append(
          length == 0 ? "\ufffd" : new String(bytes, at, length, StandardCharsets.UTF_8));
      at += Math.max(1, length);
    }
    run.reset();
  }

  /** The length of the character in UTF-8 there, or 0 where there is none. */
  private static int validLength(byte[] bytes, int at) {
    int lead = bytes[at] & 0xff;
    int length = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length > bytes.length - at) {
      return 0;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
      return length;
    } catch (CharacterCodingException e) {
      return 0;
    }
  }
}
