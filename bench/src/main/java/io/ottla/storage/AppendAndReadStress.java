package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader finds at least what the log end it saw promised, whole, and no batch half. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "0 of 0 batches by the end seen before")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "1 of 0 batches by the end seen before")
@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "2 of 0 batches by the end seen before")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "1 of 1 batches by the end seen before")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "2 of 1 batches by the end seen before")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "2 of 2 batches by the end seen before")
@State
public class AppendAndReadStress {
    private final StressedLog log = StressedLog.ofOneSegment();

    @Actor
    public void append() {
        log.append(0);
        log.append(0);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = (int) log.log().logEndOffset();
        result.r2 = log.batches(0, Long.MAX_VALUE);
    }
}
