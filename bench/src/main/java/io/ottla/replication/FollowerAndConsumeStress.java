package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** What a follower has fetched is seen by consumers as far as the high watermark says, and the log knows it no earlier. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "the fetch comes between")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "the same")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "the same")
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "after")
@State
public class FollowerAndConsumeStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);

    public FollowerAndConsumeStress() {
        stressed.append(stressed.partition().role());
    }

    @Actor
    public void follow() {
        stressed.followerFetches(1);
    }

    @Actor
    public void consume(III_Result result) {
        result.r1 = (int) stressed.partition().log().highWatermark();
        result.r2 = (int) stressed.partition().highWatermark();
        result.r3 = StressedPartition.batches(stressed.consume());
    }
}
