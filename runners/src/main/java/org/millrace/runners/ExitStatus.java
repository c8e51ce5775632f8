package org.millrace.runners;

/** What the launcher's process ends with. */
final class ExitStatus {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int INPUT_NOT_GOOD_ENOUGH = 3;

  private ExitStatus() {}
}
