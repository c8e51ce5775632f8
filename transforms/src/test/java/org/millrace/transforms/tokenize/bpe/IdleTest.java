package org.millrace.transforms.tokenize.bpe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdleTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 100_000;

  private final Idle<String> idle = new Idle<>();

  @Test
  void aThreadGetsBackWhatItHad() throws Exception {
    String mine = "mine";
    String other = "other";
    Thread another = new Thread(() -> idle.give(other));
    idle.give(mine);
    another.start();
    another.join();

    assertThat(idle.take(), sameInstance(mine));
    idle.give(mine);
    assertThat(idle.take(), sameInstance(mine));
    assertThat(idle.take(), sameInstance(other));
    assertThat(idle.take(), nullValue());
  }

  @Test
  void keepsNoMoreThanItHasPlacesFor() {
    for (int i = 0; i < 66; i++) {
      idle.give("tool " + i);
    }

    Set<String> taken = new TreeSet<>();
    for (String tool = idle.take(); tool != null; tool = idle.take()) {
      taken.add(tool);
    }

    assertThat(taken, hasSize(64));
  }

  @Test
  void nothingIsAtWorkTwice() throws Exception {
    Set<String> working = ConcurrentHashMap.newKeySet();
    AtomicInteger made = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(() -> work(working, made)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(idle.take(), notNullValue());
    assertThat(made.get(), lessThanOrEqualTo(64));
  }

  private void work(Set<String> working, AtomicInteger made) {
    for (int round = 0; round < ROUNDS; round++) {
      String tool = idle.take();
      if (tool == null) {
        tool = "tool " + made.incrementAndGet();
      }
      if (!working.add(tool)) {
        throw new AssertionError("two threads have " + tool);
      }
      working.remove(tool);
      idle.give(tool);
    }
  }
}
