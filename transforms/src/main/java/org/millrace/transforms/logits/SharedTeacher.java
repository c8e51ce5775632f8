package org.millrace.transforms.logits;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.transforms.data.TokenIds;

/** One user's hold on a teacher that all in this process share: a model may take gigabytes. */
final class SharedTeacher implements Teacher {

  /** Loads a teacher. */
  interface Loading {
    Teacher load() throws IOException;
  }

  private static final class Entry {
    private final Teacher teacher;
    private int users;

    private Entry(Teacher teacher) {
      this.teacher = teacher;
    }
  }

  /** Static, because the steps of a job on a worker have nothing else in common. */
  private static final Map<String, Entry> OPEN = new HashMap<>();

  private final String key;
  private final Teacher teacher;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SharedTeacher(String key, Teacher teacher) {
    this.key = key;
    this.teacher = teacher;
  }

  /**
   * A hold on a teacher.
   *
   * @param key what two users must agree on to share it
   * @param loading called for the first of them
   */
  static Teacher open(String key, Loading loading) throws IOException {
    synchronized (OPEN) {
      Entry entry = OPEN.get(key);
      if (entry == null) {
        entry = new Entry(loading.load());
        OPEN.put(key, entry);
      }
      entry.users++;
      return new SharedTeacher(key, entry.teacher);
    }
  }

  /** How many hold a teacher; at 0 it is closed. */
  static int users(String key) {
    synchronized (OPEN) {
      Entry entry = OPEN.get(key);
      return entry == null ? 0 : entry.users;
    }
  }

  private Teacher teacher() {
    if (closed.get()) {
      throw new IllegalStateException("the teacher is closed");
    }
    return teacher;
  }

  @Override
  public int vocabularySize() {
    return teacher().vocabularySize();
  }

  @Override
  public int maxTokens() {
    return teacher().maxTokens();
  }

  @Override
  public int maxRows() {
    return teacher().maxRows();
  }

  @Override
  public String runtime() {
    return teacher().runtime();
  }

  @Override
  public Logits run(List<TokenIds> rows) throws IOException {
    return teacher().run(rows);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (OPEN) {
      if (--OPEN.get(key).users == 0) {
        OPEN.remove(key).teacher.close();
      }
    }
  }
}
