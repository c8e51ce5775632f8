package org.millrace.pipelines.datasets;

import org.millrace.pipelines.recipe.Setting;

/** How many samples are wanted; the section {@code samples} of CEPE's recipes. */
public record SampleTargets(
    @Setting(
            doc = "The samples for test, of all domains; each has its weight's part, rounded down.",
            min = 0,
            max = 1L << 40)
        long test,
    @Setting(
            doc = "The samples for training, of all domains.",
            min = 0,
            max = 1L << 40)
        long train) {}
