package org.millrace.io.stored;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {

  private static final List<Integer> ITEMS = IntStream.range(0, 100).boxed().toList();

  @Test
  void handsResultsOnInTheOrderOfTheItems() throws IOException {
    CountDownLatch second = new CountDownLatch(1);
    List<Integer> results = new ArrayList<>();

    InOrder.forEach(
        ITEMS,
        4,
        item -> {
          if (item == 0) {
            await(second);
          } else {
            second.countDown();
          }
          return 2 * item;
        },
        results::add);

    assertThat(results, is(ITEMS.stream().map(item -> 2 * item).toList()));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void endsWithTheFirstFailureInOrder() {
    AtomicInteger begun = new AtomicInteger();
    List<Integer> results = new ArrayList<>();

    IOException e =
        assertThrows(
            IOException.class,
            () ->
                InOrder.forEach(
                    ITEMS,
                    2,
                    item -> {
                      begun.incrementAndGet();
                      if (item >= 3) {
                        throw new IOException("item " + item);
                      }
                      return item;
                    },
                    results::add));

    assertThat(e.getMessage(), is("item 3"));
    assertThat(results, is(List.of(0, 1, 2)));
    assertThat(begun.get(), is(lessThan(ITEMS.size())));
  }

  @Test
  void takesNoItems() throws IOException {
    InOrder.forEach(List.of(), 2, item -> item, item -> assertThat(item, is("none")));
  }
}
