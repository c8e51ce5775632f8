package org.millrace.pipelines.datasets;

import java.io.Serializable;
import org.millrace.transforms.window.Quotas;
import org.millrace.transforms.window.Split;

/**
 * What a split is wanted for.
 *
 * @param split of the files
 * @param cut how its documents are cut
 * @param target how many windows are wanted of all domains; in each part, where there are parts
 * @param parts how many parts of a retrieval corpus are wanted; 0 for samples
 */
record WindowTask(Split split, WindowCut cut, long target, int parts) implements Serializable {

  /** How many windows are wanted of a domain. */
  long wanted(DomainShare domain) {
    return Quotas.ofDomain(target, domain.weight()) * Math.max(1, parts);
  }
}
