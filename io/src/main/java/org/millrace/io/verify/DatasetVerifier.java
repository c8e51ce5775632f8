package org.millrace.io.verify;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Finding;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ShardReader;
import org.millrace.io.shard.StoredFile;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;

/**
 * Checks a dataset against its manifest: every file's size, hash, structure, counts and token ids;
 * the sums; the ledger; that no file is missing, and none is there that does not belong. Memory is
 * bounded, apart from the manifest and the list of names.
 */
public final class DatasetVerifier {

  /** Of more findings in one file only the number is told. */
  private static final int FINDINGS_A_FILE = 10;

  private static final String FAILURES = "failures/";

  private static final ObjectMapper CANONICAL =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final StoredDataset dataset;
  private final List<Finding> findings = new ArrayList<>();

  private DatasetVerifier(StoredDataset dataset) {
    this.dataset = dataset;
  }

  /** All that is wrong with a dataset; empty when nothing is. */
  public static List<Finding> verify(StoredDataset dataset) throws IOException {
    DatasetVerifier verifier = new DatasetVerifier(dataset);
    verifier.checkManifest();
    for (Manifest.Output output : dataset.manifest().outputs()) {
      verifier.checkOutput(output);
    }
    verifier.checkFiles();
    return List.copyOf(verifier.findings);
  }

  private void checkManifest() throws IOException {
    Manifest manifest = dataset.manifest();
    TreeMap<?, ?> recipe = CANONICAL.readValue(manifest.header().recipe(), TreeMap.class);
    byte[] json = CANONICAL.writeValueAsString(recipe).getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(StableHash.sha256().digest(json));
    expect(Manifest.FILE_NAME, "recipe_sha256", sha256, manifest.header().recipeSha256());
    Ledger ledger = manifest.ledger();
    ledger.imbalances().forEach(text -> add(Manifest.FILE_NAME, "ledger: " + text));
    long read = manifest.inputs().stream().mapToLong(InputCount::documents).sum();
    if (read > ledger.documents(Ledger.READ)) {
      expect(
          Manifest.FILE_NAME,
          "documents of all inputs",
          "at most " + ledger.documents(Ledger.READ),
          Long.toString(read));
    }
  }

  private void checkOutput(Manifest.Output output) throws IOException {
    long samples = 0;
    long elements = 0;
    boolean whole = true;
    for (List<Manifest.File> shard : StoredDataset.shards(output)) {
      Optional<ShardReader.Contents> contents = checkShard(output, shard);
      whole &= contents.isPresent();
      samples += contents.map(ShardReader.Contents::samples).orElse(0L);
      elements += contents.map(ShardReader.Contents::elements).orElse(0L);
    }
    for (Manifest.File file : output.files()) {
      if (file.samples() == 0) {
        checkFile(file);
      }
    }
    if (whole) {
      checkSums(output, samples, elements);
    }
  }

  private void checkSums(Manifest.Output output, long samples, long elements) {
    String name = output.format();
    expect(Manifest.FILE_NAME, "samples of " + name, "" + samples, "" + output.samples());
    long sum = output.tokens() + output.counts().getOrDefault("padding", 0L);
    expect(Manifest.FILE_NAME, "tokens of " + name + " with padding", "" + elements, "" + sum);
    long written = dataset.manifest().ledger().tokens(Ledger.WRITTEN);
    expect(
        Manifest.FILE_NAME,
        "tokens of " + name,
        written + " as in the ledger",
        output.tokens() + " as in the ledger");
  }

  /** What the shard holds, unless that cannot be told. */
  private Optional<ShardReader.Contents> checkShard(
      Manifest.Output output, List<Manifest.File> shard) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    for (Manifest.File file : shard) {
      checkFile(file).ifPresent(files::add);
    }
    if (files.size() < shard.size()) {
      return Optional.empty();
    }
    Manifest.File first = shard.get(0);
    List<Finding> found = new ArrayList<>();
    long[] more = new long[1];
    try {
      int vocabulary = dataset.manifest().header().tokenizer().vocabularySize();
      ShardReader.Contents contents =
          StoredDataset.reader(output)
              .check(files, vocabulary, finding -> collect(finding, found, more));
      expect(first.path(), "samples", "" + first.samples(), "" + contents.samples());
      return Optional.of(contents);
    } catch (IOException e) {
      add(first.path(), withoutPath(e.getMessage(), first.path()));
      return Optional.empty();
    } finally {
      findings.addAll(found);
      if (more[0] > 0) {
        add(first.path(), "and " + more[0] + " more like these");
      }
    }
  }

  private static void collect(Finding finding, List<Finding> found, long[] more) {
    if (found.size() < FINDINGS_A_FILE) {
      found.add(finding);
    } else {
      more[0]++;
    }
  }

  private static String withoutPath(String message, String path) {
    return message != null && message.startsWith(path + ": ")
        ? message.substring(path.length() + 2)
        : "cannot be read: " + message;
  }

  private Optional<StoredFile> checkFile(Manifest.File file) throws IOException {
    if (!StoredDataset.isSafe(file.path())) {
      add(Manifest.FILE_NAME, "expected a path within the dataset, got " + file.path());
      return Optional.empty();
    }
    Optional<StoredFile> found = dataset.find(file.path());
    if (found.isEmpty()) {
      add(file.path(), "is missing");
      return found;
    }
    expect(file.path(), "bytes", "" + file.bytes(), "" + found.get().bytes());
    expect(file.path(), "SHA-256", file.sha256(), sha256(found.get()));
    return found;
  }

  private static String sha256(StoredFile file) throws IOException {
    MessageDigest digest = StableHash.sha256();
    try (InputStream in = new DigestInputStream(file.stream(), digest)) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) {
        // The digest sees all that is read.
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Every file is the manifest, or is named by it, or holds bad records. */
  private void checkFiles() throws IOException {
    Set<String> known = new HashSet<>(Set.of(Manifest.FILE_NAME));
    dataset.manifest().outputs().stream()
        .flatMap(output -> output.files().stream())
        .forEach(file -> known.add(file.path()));
    long bad = 0;
    for (String path : dataset.list()) {
      if (path.startsWith(FAILURES)) {
        bad += lines(dataset.find(path));
      } else if (!known.contains(path)) {
        add(path, "is not in the manifest");
      }
    }
    long expected = dataset.manifest().ledger().documents(Ledger.BAD);
    expect(FAILURES, "bad records", "" + expected, "" + bad);
  }

  private static long lines(Optional<StoredFile> file) throws IOException {
    long lines = 0;
    if (file.isPresent()) {
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = file.get().stream()) {
        int read;
        while ((read = in.read(buffer)) >= 0) {
          for (int i = 0; i < read; i++) {
            lines += buffer[i] == '\n' ? 1 : 0;
          }
        }
      }
    }
    return lines;
  }

  private void expect(String file, String what, String expected, String got) {
    if (!expected.equals(got)) {
      findings.add(Finding.of(file, what, expected, got));
    }
  }

  private void add(String file, String problem) {
    findings.add(new Finding(file, problem));
  }
}
