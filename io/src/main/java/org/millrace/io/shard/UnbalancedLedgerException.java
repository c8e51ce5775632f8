package org.millrace.io.shard;

import java.util.List;

/**
 * Documents, bytes or tokens were lost or doubled between the input and the output: a defect, never
 * the data's fault.
 */
public final class UnbalancedLedgerException extends RuntimeException {

  UnbalancedLedgerException(List<String> imbalances) {
    super("the ledger does not balance, no manifest was written: " + String.join("; ", imbalances));
  }
}
