package org.millrace.io.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.StoredFolder;

/**
 * Checks files that no manifest describes: every format among them, every shard, as far as the
 * files themselves tell what is right. Memory is bounded, apart from the list of names.
 */
public final class FolderVerifier {

  private FolderVerifier() {}

  /**
   * Checks all formats, several shards at a time.
   *
   * @param vocabularySize every token id must be below it; {@link Long#MAX_VALUE} where it is not
   *     known
   * @param sameTokens whether all formats are to hold the same tokens in the same samples
   * @param findings takes what is wrong, in an order that depends on the files alone
   * @return what was read of each format; empty when there is none
   */
  public static List<Checked> verify(
      StoredFolder folder, long vocabularySize, boolean sameTokens, Consumer<Finding> findings)
      throws IOException {
    List<Checked> checked = new ArrayList<>();
    for (FormatShards found : FormatShards.find(folder, findings)) {
      checked.add(found.check(vocabularySize, findings));
    }
    if (sameTokens) {
      DatasetVerifier.sameTokens(checked)
          .ifPresent(text -> findings.accept(new Finding(folder.location(), text)));
    }
    return List.copyOf(checked);
  }
}
