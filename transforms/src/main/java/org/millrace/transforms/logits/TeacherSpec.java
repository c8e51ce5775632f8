package org.millrace.transforms.logits;

import java.io.IOException;
import java.io.Serializable;

/**
 * Which teacher a job asks, and how: small enough to travel to every worker, and exact enough that
 * all ask the same one.
 */
public interface TeacherSpec extends Serializable {

  /** What the manifest calls it. */
  String name();

  /** The SHA-256 of what it was made of, in hexadecimal. */
  String sha256();

  /**
   * Opens the teacher, or shares one that is open already: there is one in a process, and the last
   * to close it frees it.
   *
   * @throws IllegalArgumentException when it is no teacher, with the reason
   * @throws IOException when its files are gone, or are not those that the job began with
   */
  Teacher open() throws IOException;
}
