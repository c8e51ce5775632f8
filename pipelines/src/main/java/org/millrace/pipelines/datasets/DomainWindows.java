package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.millrace.io.npy.NpyDocuments;
import org.millrace.io.stored.InOrder;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.window.FilePart;
import org.millrace.transforms.window.Quotas;
import org.millrace.transforms.window.SourceFile;
import org.millrace.transforms.window.Split;
import org.millrace.transforms.window.SplitPlan;

/**
 * What the files of a domain have, and what is taken of them.
 *
 * @param domain its name and weight
 * @param files by their paths from the domain's folder on, each with its size
 * @param splits of the files
 * @param splitWindows of each split that is wanted
 */
record DomainWindows(
    DomainShare domain,
    List<FileSize> files,
    SplitPlan splits,
    Map<Split, SplitWindows> splitWindows) {

  /** A file and what is in it. */
  record FileSize(String path, StoredFile file, long documents, long tokens) {}

  /**
   * What the parts of a split have, in their order, and what is taken of each.
   *
   * @param wanted how many windows
   */
  record SplitWindows(WindowTask task, long wanted, List<PartCount> counts, List<Long> quotas) {

    long available() {
      return counts.stream().mapToLong(PartCount::windows).sum();
    }

    long taken() {
      return Math.min(wanted, available());
    }

    long tokens() {
      return counts.stream().mapToLong(PartCount::tokens).sum();
    }

    long documents() {
      return counts.stream().mapToLong(count -> count.part().documents()).sum();
    }
  }

  /**
   * Reads the heads of all files, and the lengths in those of which windows are wanted.
   *
   * @param files by their paths from the domain's folder on
   */
  static DomainWindows read(
      DomainShare domain,
      SortedMap<String, StoredFile> files,
      List<WindowTask> tasks,
      long seed)
      throws IOException {
    List<FileSize> sizes = new ArrayList<>();
    InOrder.forEach(
        List.copyOf(files.entrySet()), InOrder.allThreads(), DomainWindows::size, sizes::add);
    SplitPlan plan =
        SplitPlan.of(
            sizes.stream().map(size -> new SourceFile(size.path, size.documents)).toList(), seed);
    List<WindowTask> wanted = tasks.stream().filter(task -> task.wanted(domain) > 0).toList();
    Map<String, PartCount> counts = count(files, plan, wanted);
    Map<Split, SplitWindows> windows = new EnumMap<>(Split.class);
    for (WindowTask task : wanted) {
      List<PartCount> of =
          plan.parts(task.split()).stream().map(part -> counts.get(part.id())).toList();
      long[] available = of.stream().mapToLong(PartCount::windows).toArray();
      long target = task.wanted(domain);
      windows.put(
          task.split(),
          new SplitWindows(
              task, target, of, LongStream.of(Quotas.spread(target, available)).boxed().toList()));
    }
    return new DomainWindows(domain, List.copyOf(sizes), plan, windows);
  }

  private static FileSize size(Map.Entry<String, StoredFile> file) throws IOException {
    try (NpyDocuments documents = NpyDocuments.open(file.getValue())) {
      return new FileSize(
          file.getKey(), file.getValue(), documents.documents(), documents.tokens());
    }
  }

  /** What each part has, by its id. */
  private static Map<String, PartCount> count(
      SortedMap<String, StoredFile> files, SplitPlan plan, List<WindowTask> tasks)
      throws IOException {
    Map<String, List<PartCount.Wanted>> byFile = new HashMap<>();
    for (WindowTask task : tasks) {
      for (FilePart part : plan.parts(task.split())) {
        byFile
            .computeIfAbsent(part.path(), path -> new ArrayList<>())
            .add(new PartCount.Wanted(part, task.cut()));
      }
    }
    Map<String, PartCount> counts = new HashMap<>();
    InOrder.forEach(
        List.copyOf(byFile.keySet()),
        InOrder.allThreads(),
        path -> PartCount.of(files.get(path), byFile.get(path)),
        found -> found.forEach(count -> counts.put(count.part().id(), count)));
    return counts;
  }

  long documents() {
    return files.stream().mapToLong(FileSize::documents).sum();
  }

  long tokens() {
    return files.stream().mapToLong(FileSize::tokens).sum();
  }
}
