package org.millrace.io.verify;

import static java.util.stream.Collectors.toMap;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.TokenDigest;
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
  private final TreeMap<String, TokenDigest> digests = new TreeMap<>();

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
    verifier.checkDigests();
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
    boolean whole = true;
    for (Manifest.File file : output.files()) {
      whole &= checkFile(file);
    }
    List<List<StoredFile>> shards = dataset.shards(output, findings::add);
    Map<String, Manifest.File> listed =
        output.files().stream().collect(toMap(Manifest.File::path, file -> file, (a, b) -> a));
    long samples = 0;
    TokenDigest digest = TokenDigest.EMPTY;
    for (List<StoredFile> shard : shards) {
      Optional<ShardReader.Contents> contents = checkShard(output.format(), shard);
      whole &= contents.isPresent();
      if (contents.isPresent()) {
        Manifest.File file = listed.get(shard.get(0).path());
        if (file != null) {
          expect(file.path(), "samples", "" + file.samples(), "" + contents.get().samples());
        }
        samples += contents.get().samples();
        digest = digest.then(contents.get().digest());
      }
    }
    if (whole) {
      checkSums(output, samples, digest.tokens());
      digests.put(output.format(), digest);
    }
  }

  /** All formats hold the same tokens in the same samples. */
  private void checkDigests() {
    if (new HashSet<>(digests.values()).size() > 1) {
      String formats = String.join(", ", digests.keySet());
      add(Manifest.FILE_NAME, "expected the same tokens in " + formats + ", got different ones");
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
  private Optional<ShardReader.Contents> checkShard(String format, List<StoredFile> files)
      throws IOException {
    String path = files.get(0).path();
    List<Finding> found = new ArrayList<>();
    long[] more = new long[1];
    try (ShardReader reader = StoredFormats.of(format).open(files)) {
      int vocabulary = dataset.manifest().header().tokenizer().vocabularySize();
      return Optional.of(reader.check(vocabulary, finding -> collect(finding, found, more)));
    } catch (IOException e) {
      add(path, withoutPath(e.getMessage(), path));
      return Optional.empty();
    } finally {
      findings.addAll(found);
      if (more[0] > 0) {
        add(path, "and " + more[0] + " more like these");
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

  /** Whether the file is there. */
  private boolean checkFile(Manifest.File file) throws IOException {
    Optional<StoredFile> found = dataset.folder().find(file.path());
    if (found.isEmpty()) {
      add(file.path(), "is missing");
      return false;
    }
    expect(file.path(), "bytes", "" + file.bytes(), "" + found.get().bytes());
    expect(file.path(), "SHA-256", file.sha256(), sha256(found.get()));
    return true;
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
    for (StoredFile file : dataset.folder().files()) {
      if (file.path().startsWith(FAILURES)) {
        bad += lines(file);
      } else if (!known.contains(file.path())) {
        add(file.path(), "is not in the manifest");
      }
    }
    long expected = dataset.manifest().ledger().documents(Ledger.BAD);
    expect(FAILURES, "bad records", "" + expected, "" + bad);
  }

  private static long lines(StoredFile file) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = file.stream()) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
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
