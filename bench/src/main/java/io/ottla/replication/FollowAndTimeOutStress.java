package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A wait that is acknowledged and runs out at once ends one of the two ways. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "acknowledged")
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "timed out")
@State
public class FollowAndTimeOutStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);
    private final StressedPartition.Ack ack = new StressedPartition.Ack();

    public FollowAndTimeOutStress() {
        Role.Leading leading = (Role.Leading) stressed.partition().role();
        stressed.append(leading);
        stressed.partition().await(ack, leading, 1);
    }

    @Actor
    public void follow() {
        stressed.followerFetches(1);
    }

    @Actor
    public void timeOut() {
        stressed.partition().abandon(ack);
    }

    @Arbiter
    public void end(I_Result result) {
        result.r1 = ack.code();
    }
}
