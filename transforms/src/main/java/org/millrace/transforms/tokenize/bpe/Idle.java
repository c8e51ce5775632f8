package org.millrace.transforms.tokenize.bpe;

import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.annotation.Nullable;

/**
 * Tools that no thread works with. A thread that comes again gets the one that it had, because what
 * that holds is in the memory of the thread's core; one without gets any.
 */
final class Idle<T> {

  /** More idle ones than these are let go. */
  private static final int PLACES = 64;

  /** Places so far apart share no line of a processor's cache. */
  private static final int SPACING = 32;

  private final AtomicReferenceArray<T> places = new AtomicReferenceArray<>(PLACES * SPACING);

  /** Takes one, if there is any. */
  @Nullable
  T take() {
    int own = own();
    for (int i = 0; i < PLACES; i++) {
      int at = place(own + i);
      if (places.getPlain(at) != null) {
        T found = places.getAndSet(at, null);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Takes one back. */
  void give(T tool) {
    int own = own();
    for (int i = 0; i < PLACES; i++) {
      int at = place(own + i);
      if (places.getPlain(at) == null && places.compareAndSet(at, null, tool)) {
        return;
      }
    }
  }

  private static int own() {
    // Threads that are started one after another have numbers one after another.
    return (int) Thread.currentThread().getId();
  }

  private static int place(int number) {
    return (number & (PLACES - 1)) * SPACING;
  }
}
