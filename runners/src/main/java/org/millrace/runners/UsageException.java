package org.millrace.runners;

/** Refuses a command before any work: says what is wrong, and what to do about it. */
final class UsageException extends RuntimeException {

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
