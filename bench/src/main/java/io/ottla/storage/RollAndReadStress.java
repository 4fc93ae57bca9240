package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader passes from segment to segment while new ones are begun and the earlier ones are sealed. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "0 of 0 batches by the end seen before")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "1 of 0 batches by the end seen before")
@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "2 of 0 batches by the end seen before")
@Outcome(id = "0, 3", expect = Expect.ACCEPTABLE, desc = "3 of 0 batches by the end seen before")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "1 of 1 batches by the end seen before")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "2 of 1 batches by the end seen before")
@Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "3 of 1 batches by the end seen before")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "2 of 2 batches by the end seen before")
@Outcome(id = "2, 3", expect = Expect.ACCEPTABLE, desc = "3 of 2 batches by the end seen before")
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "3 of 3 batches by the end seen before")
@State
public class RollAndReadStress {
    private final StressedLog log = StressedLog.ofASegmentForEachBatch();

    @Actor
    public void append() {
        for (int i = 0; i < 3; i++) {
            log.append(0);
            log.runBackground();
        }
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = (int) log.log().logEndOffset();
        result.r2 = log.batches(0, Long.MAX_VALUE);
    }
}
