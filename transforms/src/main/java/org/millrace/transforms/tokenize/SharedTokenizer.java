package org.millrace.transforms.tokenize;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
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
  }

  /** Static, because the steps of a job on a worker have nothing else in common. */
  private static final Map<Key, Entry> OPEN = new HashMap<>();

  private final Key key;
  private final Tokenizer tokenizer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SharedTokenizer(Key key, Tokenizer tokenizer) {
    this.key = key;
    this.tokenizer = tokenizer;
  }

  /** A hold on the tokenizer of {@code spec}, which is loaded for the first. */
  static Tokenizer open(TokenizerSpec spec) throws IOException {
    Key key = Key.of(spec);
    synchronized (OPEN) {
      Entry entry = OPEN.get(key);
      if (entry == null) {
        entry = new Entry(TokenizerLoader.load(spec));
        OPEN.put(key, entry);
      }
      entry.users++;
      return new SharedTokenizer(key, entry.tokenizer);
    }
  }

  /** How many hold the tokenizer of {@code spec}; at 0 it is closed. */
  static int users(TokenizerSpec spec) {
    synchronized (OPEN) {
      Entry entry = OPEN.get(Key.of(spec));
      return entry == null ? 0 : entry.users;
    }
  }

  private Tokenizer tokenizer() {
    if (closed.get()) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    return tokenizer;
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
      if (--OPEN.get(key).users == 0) {
        OPEN.remove(key).tokenizer.close();
      }
    }
  }
}
