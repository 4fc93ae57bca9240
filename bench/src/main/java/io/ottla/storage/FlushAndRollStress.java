package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What a flush has acknowledged is never more than what was appended, and the recovery point reaches it. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "flushed after the first append")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "after the second")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before both")
@State
public class FlushAndRollStress {
    private final StressedLog log = StressedLog.ofASegmentForEachBatch();

    @Actor
    public void append() {
        log.append(0);
        log.append(0);
        log.runBackground();
    }

    @Actor
    public void flush(II_Result result) {
        result.r1 = log.log().flush().toCompletableFuture().getNow(-1L).intValue();
        result.r2 = log.batches(0, result.r1);
    }
}
