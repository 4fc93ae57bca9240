package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader of deleted records gets all of them or is told that they are gone. */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "begun before")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "after")
@State
public class DeleteRecordsAndReadStress {
    private final StressedLog log = StressedLog.ofOneSegment();

    public DeleteRecordsAndReadStress() {
        log.append(0);
        log.append(0);
        log.log().advanceHighWatermark(2);
    }

    @Actor
    public void deleteRecords() {
        log.log().advanceLogStart(1);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = log.batches(0, Long.MAX_VALUE);
        result.r2 = (int) log.log().logStartOffset();
    }
}
