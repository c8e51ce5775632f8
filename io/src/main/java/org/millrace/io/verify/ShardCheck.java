package org.millrace.io.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFormat;

/**
 * What the check of a shard has found.
 *
 * @param files the shard's
 * @param findings what is wrong with it
 * @param contents what it holds, unless that cannot be told
 */
record ShardCheck(
    List<StoredFile> files, List<Finding> findings, Optional<ShardReader.Contents> contents) {

  /** Of more findings in one shard only the number is told. */
  private static final int FINDINGS_A_SHARD = 10;

  static ShardCheck of(StoredFormat format, List<StoredFile> files, long vocabularySize) {
    String path = files.get(0).path();
    List<Finding> findings = new ArrayList<>();
    long[] more = new long[1];
    Optional<ShardReader.Contents> contents = Optional.empty();
    String broken = "";
    try (ShardReader reader = format.open(files)) {
      contents =
          Optional.of(reader.check(vocabularySize, finding -> collect(finding, findings, more)));
    } catch (IOException e) {
      broken = String.valueOf(e.getMessage());
    }
    if (more[0] > 0) {
      findings.add(new Finding(path, "and " + more[0] + " more like these"));
    }
    if (contents.isEmpty()) {
      findings.add(broken(broken, files));
    }
    return new ShardCheck(files, findings, contents);
  }

  private static void collect(Finding finding, List<Finding> findings, long[] more) {
    if (findings.size() < FINDINGS_A_SHARD) {
      findings.add(finding);
    } else {
      more[0]++;
    }
  }

  /** An error that begins with the path of one of the files is about that file. */
  private static Finding broken(String message, List<StoredFile> files) {
    for (StoredFile file : files) {
      if (message.startsWith(file.path() + ": ")) {
        return new Finding(file.path(), message.substring(file.path().length() + 2));
      }
    }
    return new Finding(files.get(0).path(), "cannot be read: " + message);
  }
}
