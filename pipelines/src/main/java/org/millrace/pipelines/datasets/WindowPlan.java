package org.millrace.pipelines.datasets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.io.document.InputCount;
import org.millrace.io.mds.MdsIO;
import org.millrace.io.retrieval.RetrievalIO;
import org.millrace.io.shard.ShardPart;
import org.millrace.io.stored.StoredFile;
import org.millrace.transforms.ledger.Ledger;
import org.millrace.transforms.ledger.LedgerEntry;
import org.millrace.transforms.ledger.Tally;
import org.millrace.transforms.window.Split;

/**
 * All that is decided before any sample is read: which windows of which file go where.
 *
 * @param domains in the order of the recipe
 * @param tasks what is wanted
 * @param seed of the recipe
 */
record WindowPlan(List<DomainWindows> domains, List<WindowTask> tasks, long seed) {

  private static final String READ = "read";
  private static final String WINDOW = "window";

  /**
   * Reads heads and lengths of a corpus.
   *
   * @throws TooFewWindowsException where there are fewer than wanted, unless that is allowed; and
   *     where there is none at all
   */
  static WindowPlan of(
      NpyCorpus corpus,
      List<DomainShare> shares,
      List<WindowTask> tasks,
      long seed,
      boolean allowShort)
      throws IOException {
    Map<String, TreeMap<String, StoredFile>> files = corpus.byDomain(shares);
    List<DomainWindows> domains = new ArrayList<>();
    for (DomainShare share : shares) {
      domains.add(DomainWindows.read(share, files.get(share.name()), tasks, seed));
    }
    WindowPlan plan = new WindowPlan(domains, tasks, seed);
    List<String> missing = plan.missing(corpus);
    if (!missing.isEmpty() && (!allowShort || plan.draws().isEmpty())) {
      throw new TooFewWindowsException(missing);
    }
    return plan;
  }

  private List<String> missing(NpyCorpus corpus) {
    List<String> missing = new ArrayList<>();
    for (DomainWindows domain : domains) {
      domain
          .splitWindows()
          .forEach(
              (split, windows) -> {
                if (windows.taken() < windows.wanted()) {
                  missing.add(missing(domain, split, windows));
                }
              });
      if (domain.files().isEmpty()) {
        missing.add(
            "%s: no npy file is in a folder of this name; the folders are %s"
                .formatted(domain.domain().name(), corpus.folders()));
      }
    }
    return missing;
  }

  private static String missing(
      DomainWindows domain, Split split, DomainWindows.SplitWindows windows) {
    return String.format(
        java.util.Locale.ROOT,
        "%s, %s: %d wanted, %d there, in %d documents of %d tokens",
        domain.domain().name(),
        split.label(),
        windows.wanted(),
        windows.available(),
        windows.documents(),
        windows.tokens());
  }

  /** What is taken of each part of a file. */
  List<WindowDraw> draws() {
    List<WindowDraw> draws = new ArrayList<>();
    for (int rank = 0; rank < domains.size(); rank++) {
      DomainWindows domain = domains.get(rank);
      Map<String, StoredFile> files = new HashMap<>();
      domain.files().forEach(size -> files.put(size.path(), size.file()));
      for (DomainWindows.SplitWindows windows : domain.splitWindows().values()) {
        WindowDraw.Target target =
            new WindowDraw.Target(
                windows.task().split().label(),
                domain.domain().name(),
                rank,
                domains.size(),
                windows.taken(),
                windows.task().parts());
        long offset = 0;
        for (int i = 0; i < windows.counts().size(); i++) {
          long quota = windows.quotas().get(i);
          PartCount count = windows.counts().get(i);
          StoredFile file = files.get(count.part().path());
          if (quota > 0) {
            draws.add(
                new WindowDraw(
                    file.resource().toString(),
                    file.path(),
                    file.bytes(),
                    count,
                    windows.task().cut(),
                    quota,
                    offset,
                    target,
                    seed));
          }
          offset += quota;
        }
      }
    }
    return draws;
  }

  /** The parts of the dataset; those without samples are none. */
  List<ShardPart> parts(int numShards) {
    List<ShardPart> parts = new ArrayList<>();
    for (WindowTask task : tasks) {
      for (int i = 0; i < task.parts() && taken(task) > 0; i++) {
        parts.add(
            new ShardPart(Integer.toString(i), domains.size(), List.of(RetrievalIO.FORMAT)));
      }
      for (DomainWindows domain : domains) {
        long taken = taken(task, domain);
        if (task.parts() == 0 && taken > 0) {
          String name = task.split().label() + "/" + domain.domain().name();
          parts.add(
              new ShardPart(name, (int) Math.min(numShards, taken), List.of(MdsIO.FORMAT)));
        }
      }
    }
    return parts;
  }

  private long taken(WindowTask task) {
    return domains.stream().mapToLong(domain -> taken(task, domain)).sum();
  }

  private static long taken(WindowTask task, DomainWindows domain) {
    DomainWindows.SplitWindows windows = domain.splitWindows().get(task.split());
    return windows == null ? 0 : windows.taken();
  }

  /** The files of the domains. */
  List<InputCount> inputs() {
    return domains.stream()
        .flatMap(domain -> domain.files().stream())
        .map(size -> new InputCount(size.file().path(), size.file().bytes(), size.documents()))
        .toList();
  }

  /**
   * What becomes of every document and token, but for those that are written. A token is counted
   * where it is a window's own, which it is once at most.
   */
  List<LedgerEntry> ledger() {
    Tally tally = new Tally();
    for (DomainWindows domain : domains) {
      String source = domain.domain().name();
      tally.add(source, READ, Ledger.READ, domain.documents(), 0, 0);
      tally.add(source, READ, Ledger.TOKENIZED, 0, 0, domain.tokens());
      long documents = domain.documents();
      long tokens = domain.tokens();
      for (DomainWindows.SplitWindows windows : domain.splitWindows().values()) {
        account(tally, source, windows);
        documents -= windows.documents();
        tokens -= windows.tokens();
      }
      tally.add(source, "split", "unused_split", documents, 0, tokens);
    }
    return tally.entries();
  }

  private static void account(Tally tally, String source, DomainWindows.SplitWindows windows) {
    WindowCut cut = windows.task().cut();
    for (int i = 0; i < windows.counts().size(); i++) {
      PartCount count = windows.counts().get(i);
      long context = cut.contextTokens(count.cutDocuments());
      long own = count.windows() * cut.windows().stride();
      long left = (count.windows() - windows.quotas().get(i)) * cut.windows().stride();
      long shortDocuments = count.part().documents() - count.cutDocuments();
      long shortTokens = count.tokens() - count.cutTokens();
      tally.add(source, WINDOW, "too_short", shortDocuments, 0, shortTokens);
      tally.add(source, WINDOW, "cut_into_windows", count.cutDocuments(), 0, 0);
      tally.add(source, WINDOW, "context_alone", 0, 0, context);
      tally.add(source, WINDOW, "tail", 0, 0, count.cutTokens() - context - own);
      tally.add(source, WINDOW, "window_not_taken", 0, 0, left);
    }
  }
}
