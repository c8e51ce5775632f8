package org.millrace.io.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.millrace.io.file.FileLookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receipts of a run, in its temporary folder, and a journal of the files that were moved to
 * their places already. A receipt counts only while all its files are where it, or the journal,
 * says.
 *
 * @param folder the dataset's folder
 */
record ShardReceipts(DatasetFolder folder) implements Serializable {

  /** What the names of receipts begin with. */
  static final String PREFIX = "done-";

  /** What the names of journals begin with. */
  private static final String MOVES_PREFIX = "moves-";

  private static final Logger LOG = LoggerFactory.getLogger(ShardReceipts.class);

  private static String name(int shard) {
    return String.format(Locale.ROOT, "%s%05d", PREFIX, shard);
  }

  /** Leaves a receipt; its files are all uploaded. */
  void put(ShardReceipt receipt) throws IOException {
    folder.writeTemp(name(receipt.summary().shard()), receipt.encode());
  }

  /** The receipt of a shard that need not be made again. */
  Optional<ShardReceipt> find(int shard) throws IOException {
    Optional<byte[]> bytes = read(folder.temp(name(shard)).toString());
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      ShardReceipt receipt = ShardReceipt.decode(bytes.get());
      if (receipt.summary().shard() == shard && areThere(receipt.files())) {
        return Optional.of(receipt);
      }
    } catch (IOException e) {
      LOG.warn("shard {} is made again: {}", shard, e.getMessage());
    }
    return Optional.empty();
  }

  private boolean areThere(List<ShardFile> files) throws IOException {
    Map<String, String> moves = null;
    for (ShardFile file : files) {
      if (bytes(file.location()) != file.bytes()) {
        moves = moves == null ? moves() : moves;
        String moved = moves.get(file.location());
        if (moved == null || bytes(moved) != file.bytes()) {
          return false;
        }
      }
    }
    return true;
  }

  private static long bytes(String location) throws IOException {
    return FileLookup.match(location).stream().mapToLong(Metadata::sizeBytes).findAny().orElse(-1);
  }

  /** Writes down which files are about to be moved, and where to. */
  void moving(String format, List<String> from, List<String> to) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < from.size(); i++) {
      lines.append(from.get(i)).append('\n').append(to.get(i)).append('\n');
    }
    folder.writeTemp(
        MOVES_PREFIX + format.replace('/', '-'), lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Where files were moved to, by the places where they had been. */
  private Map<String, String> moves() throws IOException {
    Map<String, String> moves = new HashMap<>();
    Map<String, Metadata> journals = new TreeMap<>();
    for (Metadata found : FileLookup.match(folder.temp(MOVES_PREFIX) + "*")) {
      journals.put(found.resourceId().toString(), found);
    }
    for (String journal : journals.keySet()) {
      String[] lines =
          new String(read(journal).orElse(new byte[0]), StandardCharsets.UTF_8).split("\n", -1);
      for (int i = 0; i + 1 < lines.length; i += 2) {
        moves.put(lines[i], lines[i + 1]);
      }
    }
    return moves;
  }

  private static Optional<byte[]> read(String location) throws IOException {
    List<Metadata> found = FileLookup.match(location);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = Channels.newInputStream(FileSystems.open(found.get(0).resourceId()))) {
      return Optional.of(in.readAllBytes());
    }
  }
}
