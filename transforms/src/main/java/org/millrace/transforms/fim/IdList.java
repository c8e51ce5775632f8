package org.millrace.transforms.fim;

import java.util.Arrays;
import org.millrace.transforms.data.TokenIds;

/** Ids that grow in number. */
final class IdList {

  private int[] ids;
  private int length;

  IdList(int capacity) {
    ids = new int[Math.max(16, capacity)];
  }

  IdList add(int id) {
    grow(1);
    ids[length++] = id;
    return this;
  }

  IdList add(TokenIds more) {
    grow(more.length());
    more.copyTo(ids, length);
    length += more.length();
    return this;
  }

  private void grow(int more) {
    if (ids.length - length < more) {
      ids = Arrays.copyOf(ids, Math.max(length + more, ids.length + ids.length / 2));
    }
  }

  int length() {
    return length;
  }

  int get(int index) {
    return ids[index];
  }

  /** All ids. The list must not be used afterwards. */
  TokenIds tokens() {
    return TokenIds.wrap(ids).slice(0, length);
  }

  /** As many ids as are asked for: the first of these, and where there are fewer, {@code pad}. */
  TokenIds tokens(int count, int pad) {
    int[] exact = Arrays.copyOf(ids, count);
    if (length < count) {
      Arrays.fill(exact, length, count, pad);
    }
    return TokenIds.wrap(exact);
  }
}
