package org.millrace.transforms.tokenize;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.CharMatcher;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Splitter;
import org.millrace.transforms.hash.StableHash;

/**
 * The file of a tokenizer that a path leads to, on any of Beam's file systems: a tokenizer.json, or
 * a SentencePiece model, whose name ends with .model.
 */
final class TokenizerFile {

  private static final String TOKENIZER = "tokenizer.json";
  private static final String MODEL_ENDING = ".model";
  private static final String MODEL = "tokenizer" + MODEL_ENDING;
  private static final String CONFIG = "tokenizer_config.json";

  /** Ten times the largest that are known. */
  private static final int MAX_BYTES = 256 << 20;

  private static final CharMatcher NAME_END = CharMatcher.anyOf("/\\");

  private final ResourceId file;

  private TokenizerFile(ResourceId file) {
    this.file = file;
  }

  /**
   * The file at {@code path}, or the tokenizer.json in the folder there, else its tokenizer.model.
   *
   * @throws FileNotFoundException where there is none of them
   */
  static TokenizerFile at(String path) throws IOException {
    if (path.isBlank()) {
      throw new FileNotFoundException("the tokenizer's path is blank; name a " + TOKENIZER);
    }
    Optional<ResourceId> found = path.endsWith("/") ? Optional.empty() : find(path);
    if (found.isEmpty() || found.get().isDirectory()) {
      String folder = path + (path.endsWith("/") ? "" : "/");
      found = find(folder + TOKENIZER);
      found = found.isPresent() ? found : find(folder + MODEL);
    }
    return found
        .map(TokenizerFile::new)
        .orElseThrow(
            () ->
                new FileNotFoundException(
                    "no tokenizer at %s: expected a %s or a %s, or a folder that holds one"
                        .formatted(path, TOKENIZER, MODEL)));
  }

  private static Optional<ResourceId> find(String path) throws IOException {
    ResourceId exact = FileSystems.matchNewResource(path, path.endsWith("/"));
    // Beam looks for a local file that is missing in all that is below its folder.
    if (exact.getScheme().equals("file") && !Files.exists(Path.of(exact.toString()))) {
      return Optional.empty();
    }
    List<MatchResult> results = FileSystems.match(List.of(path), EmptyMatchTreatment.ALLOW);
    List<MatchResult.Metadata> matches = results.get(0).metadata();
    return matches.size() == 1 ? Optional.of(matches.get(0).resourceId()) : Optional.empty();
  }

  /** The whole path, which leads to the same file from any working directory. */
  String path() {
    return file.toString();
  }

  /** Whether it is a SentencePiece model. */
  boolean isSentencePiece() {
    return path().endsWith(MODEL_ENDING);
  }

  /** The folder's name for the usual name of a file, else the file's name without its ending. */
  String name() {
    List<String> parts = Splitter.on(NAME_END).omitEmptyStrings().splitToList(path());
    String last = parts.get(parts.size() - 1);
    if ((last.equals(TOKENIZER) || last.equals(MODEL)) && parts.size() > 1) {
      return parts.get(parts.size() - 2);
    }
    String ending = isSentencePiece() ? MODEL_ENDING : ".json";
    return last.endsWith(ending) ? last.substring(0, last.length() - ending.length()) : last;
  }

  /** The file's content. */
  byte[] read() throws IOException {
    return read(file);
  }

  /** The content of the tokenizer_config.json beside it, where there is one. */
  Optional<byte[]> readConfig() throws IOException {
    ResourceId config =
        file.getCurrentDirectory().resolve(CONFIG, StandardResolveOptions.RESOLVE_FILE);
    Optional<ResourceId> found = find(config.toString());
    return found.isPresent() ? Optional.of(read(found.get())) : Optional.empty();
  }

  private static byte[] read(ResourceId resource) throws IOException {
    try (InputStream in = Channels.newInputStream(FileSystems.open(resource))) {
      byte[] bytes = in.readNBytes(MAX_BYTES);
      if (in.read() >= 0) {
        throw new IOException(
            "%s: expected at most %d bytes, got more; is it a tokenizer?"
                .formatted(resource, MAX_BYTES));
      }
      return bytes;
    }
  }

  /** The SHA-256 of {@code bytes}, in hexadecimal. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(StableHash.sha256().digest(bytes));
  }
}
