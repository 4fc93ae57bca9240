package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A read that is limited to the log end seen before ends there, whatever is appended meanwhile. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "all that was there")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "all that was there")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "all that was there")
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "all that was there")
@State
public class ReadUpToTheEndStress {
    private final StressedLog log = StressedLog.ofOneSegment();

    @Actor
    public void append() {
        log.append(0);
        log.append(0);
        log.append(0);
    }

    @Actor
    public void read(II_Result result) {
        result.r1 = (int) log.log().logEndOffset();
        result.r2 = log.batches(0, result.r1);
    }
}
