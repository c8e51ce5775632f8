package org.millrace.transforms.tokenize;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.millrace.transforms.data.TokenIds;

/**
 * One user's hold on a tokenizer that all in this process share. Loading one takes long and some
 * 100 MB, and not all of that comes back when it is closed.
 */
final class SharedTokenizer implements Tokenizer {

  /**
   * What two users must agree on. The names of enums, because Java keeps the class of a record's
   * component when it has compared one, and with it the class loader of a finished job.
   */
  private record Key(String sha256, boolean parseSpecialTokens, String engine, String splitDigits) {

    private static Key of(TokenizerSpec spec) {
      return new Key(
          spec.sha256(),
          spec.parseSpecialTokens(),
          spec.engine().name(),
          spec.splitDigits().name());
    }
  }

  private static final class Entry {
    private final Tokenizer tokenizer;
    private int users;

    private Entry(Tokenizer tokenizer) {
      this.tokenizer = tokenizer;
    }

    private boolean isUnused() {
      return users == 0;
    }
  }

  /** Static, because the steps of a job on a worker have nothing else in common. */
  private static final Map<Key, Entry> OPEN = new HashMap<>();

  private static int holds;

  private final Entry entry;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SharedTokenizer(Entry entry) {
    this.entry = entry;
  }

  /** A hold on the tokenizer of {@code spec}, which is loaded for the first. */
  static Tokenizer open(TokenizerSpec spec) throws IOException {
    Key key = Key.of(spec);
    synchronized (OPEN) {
      Entry entry = OPEN.get(key);
      if (entry == null) {
        entry = new Entry(TokenizerLoader.load(spec));
        OPEN.put(key, entry);
        // Who then asks for the engine that came of AUTO gets the same one.
        OPEN.putIfAbsent(Key.of(spec.withEngine(entry.tokenizer.engine())), entry);
      }
      entry.users++;
      return new SharedTokenizer(entry);
    }
  }

  /** Until all holds are closed, tokenizers stay open without a user. */
  static TokenizerSpec.Hold hold() {
    AtomicBoolean released = new AtomicBoolean();
    synchronized (OPEN) {
      holds++;
    }
    return () -> {
      if (released.compareAndSet(false, true)) {
        synchronized (OPEN) {
          holds--;
          closeUnused();
        }
      }
    };
  }

  private static void closeUnused() {
    if (holds == 0) {
      Set<Entry> unused =
          OPEN.values().stream().filter(Entry::isUnused).collect(Collectors.toSet());
      OPEN.values().removeAll(unused);
      unused.forEach(entry -> entry.tokenizer.close());
    }
  }

  /** How many hold the tokenizer of {@code spec}; at 0 it is closed. */
  static int users(TokenizerSpec spec) {
    synchronized (OPEN) {
      Entry entry = OPEN.get(Key.of(spec));
      return entry == null ? 0 : entry.users;
    }
  }

  /** What is shared; its users do not close it. */
  Tokenizer tokenizer() {
    if (closed.get()) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    return entry.tokenizer;
  }

  @Override
  public TokenizerEngine engine() {
    return tokenizer().engine();
  }

  @Override
  public TokenIds encode(String text) {
    return tokenizer().encode(text);
  }

  @Override
  public String decode(TokenIds ids) {
    return tokenizer().decode(ids);
  }

  @Override
  public int vocabularySize() {
    return tokenizer().vocabularySize();
  }

  @Override
  public OptionalInt idOf(String token) {
    return tokenizer().idOf(token);
  }

  @Override
  public Optional<String> tokenOf(int id) {
    return tokenizer().tokenOf(id);
  }

  @Override
  public InnerText innerText() {
    return tokenizer().innerText();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (OPEN) {
      entry.users--;
      closeUnused();
    }
  }
}
