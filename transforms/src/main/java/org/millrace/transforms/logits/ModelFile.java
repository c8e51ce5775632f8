package org.millrace.transforms.logits;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.millrace.transforms.hash.StableHash;

/**
 * The file of an ONNX model that a path leads to, on any of Beam's file systems, and the files
 * beside it that hold its weights.
 */
record ModelFile(ResourceId resource) {

  private static final String USUAL = "model.onnx";
  private static final String ENDING = ".onnx";

  /** The file at {@code path}, or the model.onnx in the folder there. */
  static ModelFile at(String path) throws IOException {
    if (path.isBlank()) {
      throw new FileNotFoundException("the model's path is blank; name an ONNX file");
    }
    Optional<ResourceId> found = path.endsWith("/") ? Optional.empty() : find(path);
    if (found.isEmpty() || found.get().isDirectory()) {
      found = find(path + (path.endsWith("/") ? "" : "/") + USUAL);
    }
    return found
        .map(ModelFile::new)
        .orElseThrow(
            () ->
                new FileNotFoundException(
                    "no model at %s: expected an ONNX file, or a folder that holds a %s"
                        .formatted(path, USUAL)));
  }

  private static Optional<ResourceId> find(String path) throws IOException {
    ResourceId exact = FileSystems.matchNewResource(path, false);
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
    return resource.toString();
  }

  /** The folder's name for the usual name of a file, else the file's name without its ending. */
  String name() {
    String[] parts = path().split("/", -1);
    String last = parts[parts.length - 1];
    if (last.equals(USUAL) && parts.length > 1) {
      return parts[parts.length - 2];
    }
    return last.endsWith(ENDING) ? last.substring(0, last.length() - ENDING.length()) : last;
  }

  /**
   * The SHA-256 of the file; where there are others beside it, that of their names and sums.
   *
   * @throws IllegalArgumentException when it is no ONNX file
   */
  String sha256() throws IOException {
    MessageDigest all = StableHash.sha256();
    SortedSet<String> others = digest(all);
    if (others.isEmpty()) {
      return HexFormat.of().formatHex(all.digest());
    }
    for (String other : others) {
      MessageDigest one = StableHash.sha256();
      try (InputStream in = new DigestInputStream(open(beside(other)), one)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      all.update(other.getBytes(StandardCharsets.UTF_8));
      all.update(one.digest());
    }
    return HexFormat.of().formatHex(all.digest());
  }

  private SortedSet<String> digest(MessageDigest digest) throws IOException {
    try (InputStream in = new DigestInputStream(open(resource), digest)) {
      return ExternalData.locations(new BufferedInputStream(in, 1 << 16));
    } catch (IOException e) {
      throw new IllegalArgumentException(path() + " is no ONNX file: " + e.getMessage(), e);
    }
  }

  /** A name that leads out of the folder is an attack, or a mistake. */
  private ResourceId beside(String name) throws IOException {
    if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..") || name.isBlank()) {
      throw new IllegalArgumentException(
          path() + ": expected weights beside the model, got the file name " + name);
    }
    return resource.getCurrentDirectory().resolve(name, StandardResolveOptions.RESOLVE_FILE);
  }

  private static InputStream open(ResourceId file) throws IOException {
    return Channels.newInputStream(FileSystems.open(file));
  }

  /** Whether it lies on this machine. */
  boolean isLocal() {
    return resource.getScheme().equals("file");
  }

  /** Copies the model and its weights to a local folder, and gives the model's place there. */
  Path copyTo(Path folder) throws IOException {
    Path model = folder.resolve(USUAL);
    try (InputStream in = open(resource)) {
      Files.copy(in, model);
    }
    for (String other : digest(StableHash.sha256())) {
      Path target = folder.resolve(other);
      Files.createDirectories(target.getParent());
      try (InputStream in = open(beside(other))) {
        Files.copy(in, target);
      }
    }
    return model;
  }
}
