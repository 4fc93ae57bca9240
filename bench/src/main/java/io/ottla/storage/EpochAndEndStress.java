package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who sees a record knows the epoch that it was appended in. */
@JCStressTest
@Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "the epoch is seen first")
@Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "both")
@State
public class EpochAndEndStress {
    private final StressedLog log = StressedLog.ofOneSegment();

    @Actor
    public void append() {
        log.append(7);
    }

    @Actor
    public void look(II_Result result) {
        result.r1 = (int) log.log().logEndOffset();
        result.r2 = log.log().latestEpoch().value();
    }
}
