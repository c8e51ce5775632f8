package org.millrace.runners;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * An object store for tests, in the memory of this process: no folders, no checksums, of patterns
 * only those that end in one or two stars, and it lists files in reverse. Its paths are {@code
 * memory://bucket/name}.
 */
final class MemoryFileSystem extends FileSystem<MemoryFileSystem.Name> {

  static final String SCHEME = "memory";

  private static final ConcurrentSkipListMap<String, byte[]> FILES = new ConcurrentSkipListMap<>();

  /** A name; a folder's ends in a slash. */
  record Name(String text) implements ResourceId {
    @Override
    public Name resolve(String other, ResolveOptions option) {
      boolean folder = option == ResolveOptions.StandardResolveOptions.RESOLVE_DIRECTORY;
      return new Name(getCurrentDirectory().text + other + (folder ? "/" : ""));
    }

    @Override
    public Name getCurrentDirectory() {
      return isDirectory() ? this : new Name(text.substring(0, text.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public String getFilename() {
      return text.substring(text.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isDirectory() {
      return text.endsWith("/");
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Copies a local folder in. */
  static void copyIn(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        FILES.put(prefix + folder.relativize(file), Files.readAllBytes(file));
      }
    }
  }

  /** Copies all that begins with a prefix to a local folder. */
  static void copyOut(String prefix, Path folder) throws IOException {
    for (Map.Entry<String, byte[]> file : FILES.tailMap(prefix).entrySet()) {
      if (file.getKey().startsWith(prefix)) {
        Path copy = folder.resolve(file.getKey().substring(prefix.length()));
        Files.createDirectories(copy.getParent());
        Files.write(copy, file.getValue());
      }
    }
  }

  @Override
  protected List<MatchResult> match(List<String> specs) {
    List<MatchResult> results = new ArrayList<>();
    for (String spec : specs) {
      List<MatchResult.Metadata> found = new ArrayList<>();
      FILES
          .descendingMap()
          .forEach(
              (name, bytes) -> {
                String folder = spec.substring(0, spec.lastIndexOf('/') + 1);
                boolean below = name.startsWith(folder);
                boolean inside = below && name.indexOf('/', folder.length()) < 0;
                if (name.equals(spec)
                    || (below && spec.endsWith("/**"))
                    || (inside && spec.endsWith("/*"))) {
                  found.add(
                      MatchResult.Metadata.builder()
                          .setResourceId(new Name(name))
                          .setSizeBytes(bytes.length)
                          .setIsReadSeekEfficient(false)
                          .build());
                }
              });
      results.add(
          found.isEmpty()
              ? MatchResult.create(
                  MatchResult.Status.NOT_FOUND, new FileNotFoundException("no match: " + spec))
              : MatchResult.create(MatchResult.Status.OK, found));
    }
    return results;
  }

  @Override
  protected WritableByteChannel create(Name name, CreateOptions options) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            FILES.put(name.text, toByteArray());
          }
        };
    return Channels.newChannel(bytes);
  }

  @Override
  protected ReadableByteChannel open(Name name) throws IOException {
    byte[] bytes = FILES.get(name.text);
    if (bytes == null) {
      throw new FileNotFoundException(name.text);
    }
    return new SeekableInMemoryByteChannel(bytes);
  }

  @Override
  protected void copy(List<Name> from, List<Name> to) throws IOException {
    for (int i = 0; i < from.size(); i++) {
      byte[] bytes = FILES.get(from.get(i).text);
      if (bytes == null) {
        throw new FileNotFoundException(from.get(i).text);
      }
      FILES.put(to.get(i).text, bytes);
    }
  }

  @Override
  protected void rename(List<Name> from, List<Name> to, MoveOptions... options) throws IOException {
    copy(from, to);
    delete(from);
  }

  @Override
  protected void delete(Collection<Name> names) {
    names.forEach(name -> FILES.remove(name.text));
  }

  @Override
  protected Name matchNewResource(String spec, boolean isDirectory) {
    return new Name(isDirectory && !spec.endsWith("/") ? spec + "/" : spec);
  }

  @Override
  protected String getScheme() {
    return SCHEME;
  }
}
