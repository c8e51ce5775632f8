package org.millrace.io.verify;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.function.Consumer;
import org.millrace.io.document.InputCount;
import org.millrace.io.shard.Manifest;
import org.millrace.io.shard.ManifestHeader;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.hash.StableHash;
import org.millrace.transforms.ledger.Ledger;

/**
 * Checks a dataset against its manifest: every file's size, hash, structure, counts and token ids;
 * the sums; the ledger; that no file is missing, and none is there that does not belong. Memory is
 * bounded, apart from the manifest and the list of names.
 */
public final class DatasetVerifier {

  private static final String FAILURES = "failures/";

  private static final String MISSING = "is missing";

  private final StoredDataset dataset;
  private final long vocabularySize;
  private final Consumer<Finding> findings;
  private final List<Checked> checked = new ArrayList<>();

  private DatasetVerifier(StoredDataset dataset, long vocabularySize, Consumer<Finding> findings) {
    this.dataset = dataset;
    this.vocabularySize = vocabularySize;
    this.findings = findings;
  }

  /** All that is wrong with a dataset; empty when nothing is. */
  public static List<Finding> verify(StoredDataset dataset) throws IOException {
    List<Finding> findings = new ArrayList<>();
    ManifestHeader.Tokenizer tokenizer = dataset.manifest().header().tokenizer();
    verify(
        dataset, tokenizer.isKnown() ? tokenizer.vocabularySize() : Long.MAX_VALUE, findings::add);
    return List.copyOf(findings);
  }

  /**
   * Checks a dataset, several files at a time.
   *
   * @param vocabularySize every token id must be below it; {@link Long#MAX_VALUE} where it is not
   *     known
   * @param findings takes what is wrong, in an order that depends on the dataset alone
   * @return what was read of each format
   */
  public static List<Checked> verify(
      StoredDataset dataset, long vocabularySize, Consumer<Finding> findings) throws IOException {
    DatasetVerifier verifier = new DatasetVerifier(dataset, vocabularySize, findings);
    verifier.checkManifest();
    for (Manifest.Output output : dataset.manifest().outputs()) {
      verifier.checkOutput(output);
    }
    verifier.checkWritten();
    sameTokens(verifier.checked).ifPresent(text -> verifier.add(Manifest.FILE_NAME, text));
    verifier.checkFiles();
    return List.copyOf(verifier.checked);
  }

  /** What is wrong when formats do not hold the same tokens in the same samples of a part. */
  static Optional<String> sameTokens(List<Checked> checked) {
    Map<String, List<Checked>> byPart =
        checked.stream()
            .filter(Checked::whole)
            .collect(groupingBy(Checked::part, TreeMap::new, toList()));
    return byPart.values().stream()
        .filter(part -> part.stream().map(Checked::digest).distinct().count() > 1)
        .map(
            part ->
                "expected the same tokens in "
                    + String.join(", ", part.stream().map(Checked::name).toList())
                    + ", got different ones")
        .findFirst();
  }

  private void checkManifest() throws IOException {
    Manifest manifest = dataset.manifest();
    String sha256 = manifest.header().actualSha256();
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
    boolean[] whole = {true};
    InOrder.forEach(
        output.files(),
        InOrder.allThreads(),
        this::checkFile,
        found -> {
          found.forEach(findings);
          whole[0] &= found.stream().noneMatch(finding -> finding.problem().equals(MISSING));
        });
    Map<String, Manifest.File> listed =
        output.files().stream().collect(toMap(Manifest.File::path, file -> file, (a, b) -> a));
    Checked read =
        dataset
            .shards(output, findings)
            .check(vocabularySize, findings, shard -> checkSamples(shard, listed));
    whole[0] &= read.whole();
    checked.add(
        new Checked(
            read.format(), output.part(), read.shards(), read.samples(), read.digest(), whole[0]));
    if (whole[0]) {
      checkSums(output, read.samples(), read.digest().tokens());
    }
  }

  private void checkSamples(ShardCheck shard, Map<String, Manifest.File> listed) {
    Manifest.File file = listed.get(shard.files().get(0).path());
    if (file != null && shard.contents().isPresent()) {
      long samples = shard.contents().get().samples();
      expect(file.path(), "samples", "" + file.samples(), "" + samples);
    }
  }

  private void checkSums(Manifest.Output output, long samples, long elements) {
    String name = output.folder();
    expect(Manifest.FILE_NAME, "samples of " + name, "" + samples, "" + output.samples());
    long sum = output.tokens() + output.counts().getOrDefault("padding", 0L);
    expect(Manifest.FILE_NAME, "tokens of " + name + " with padding", "" + elements, "" + sum);
  }

  /**
   * All that was written is in every format; where the dataset has parts, in some part of it. What
   * is in parts that are not written in a format is in another one.
   */
  private void checkWritten() {
    long written = dataset.manifest().ledger().tokens(Ledger.WRITTEN);
    Map<String, List<Manifest.Output>> byFormat =
        dataset.manifest().outputs().stream()
            .collect(groupingBy(Manifest.Output::format, TreeMap::new, toList()));
    byFormat.forEach(
        (format, outputs) -> {
          Map<String, Long> byPart = new TreeMap<>();
          dataset.manifest().outputs().forEach(each -> byPart.put(each.part(), each.tokens()));
          outputs.forEach(each -> byPart.put(each.part(), each.tokens()));
          long tokens = byPart.values().stream().mapToLong(each -> each).sum();
          expect(
              Manifest.FILE_NAME,
              "tokens of " + format,
              written + " as in the ledger",
              tokens + " as in the ledger");
        });
  }

  /** What is wrong with a file as a whole. */
  private List<Finding> checkFile(Manifest.File file) throws IOException {
    Optional<StoredFile> found = dataset.folder().find(file.path());
    if (found.isEmpty()) {
      return List.of(new Finding(file.path(), MISSING));
    }
    List<Finding> wrong = new ArrayList<>();
    if (file.bytes() != found.get().bytes()) {
      wrong.add(Finding.of(file.path(), "bytes", file.bytes(), found.get().bytes()));
    }
    String sha256 = sha256(found.get());
    if (!file.sha256().equals(sha256)) {
      wrong.add(Finding.of(file.path(), "SHA-256", file.sha256(), sha256));
    }
    return wrong;
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
      findings.accept(Finding.of(file, what, expected, got));
    }
  }

  private void add(String file, String problem) {
    findings.accept(new Finding(file, problem));
  }
}
