package org.millrace.io.retrieval;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.millrace.io.stored.Finding;
import org.millrace.io.stored.ShardReader;
import org.millrace.io.stored.StoredFile;
import org.millrace.io.stored.StoredFolder;
import org.millrace.io.stored.StoredFormat;

/** Finds and opens passages: {@code retrieval/<number>/<domain>.jsonl}, and no other JSON lines. */
record RetrievalFormat() implements StoredFormat {

  private static final Pattern PATH = Pattern.compile("(.*/)?retrieval/[0-9]+/[^/]+\\.jsonl");

  @Override
  public String name() {
    return RetrievalIO.FORMAT;
  }

  @Override
  public List<List<StoredFile>> shards(StoredFolder folder, Consumer<Finding> findings) {
    return folder.files().stream()
        .filter(file -> PATH.matcher(file.path()).matches())
        .map(List::of)
        .toList();
  }

  @Override
  public ShardReader open(List<StoredFile> files) throws IOException {
    return RetrievalReader.open(files.get(0));
  }
}
