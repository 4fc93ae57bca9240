package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader of segments that are being deleted gets their batches from the first on, or is told that they are gone. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "all, before")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "those of the segments that were still there")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the same")
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "after")
@State
public class RetentionAndReadStress {
    private final StressedLog log = StressedLog.ofASegmentForEachBatch();

    public RetentionAndReadStress() {
        for (int i = 0; i < 3; i++) {
            log.append(0);
        }
        log.runBackground();
        log.log().advanceHighWatermark(3);
    }

    @Actor
    public void retain() {
        log.retain();
        log.runBackground();
    }

    @Actor
    public void read(I_Result result) {
        result.r1 = log.batches(0, Long.MAX_VALUE);
    }
}
