package org.millrace.io.shard;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Hidden;
import org.apache.beam.sdk.options.PipelineOptions;

/** What tells a run from all others, so that the same one may go on where it stopped. */
@Hidden
public interface RunOptions extends PipelineOptions {

  /**
   * Of lower-case letters and digits; equal for runs of one recipe over one input, and for no
   * others. Empty for a run that never goes on.
   */
  @Description("Which run it is; set by the launcher.")
  @Default.String("")
  String getRunKey();

  void setRunKey(String key);
}
