package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who waits when leadership ends is told so, unless it was acknowledged before; and once. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "acknowledged")
@Outcome(id = "6", expect = Expect.ACCEPTABLE, desc = "leads no more")
@State
public class AwaitAndLoseLeadershipStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);
    private final StressedPartition.Ack ack = new StressedPartition.Ack();
    private final Role.Leading leading = (Role.Leading) stressed.partition().role();

    public AwaitAndLoseLeadershipStress() {
        stressed.append(leading);
    }

    @Actor
    public void await() {
        stressed.partition().await(ack, leading, 1);
    }

    @Actor
    public void followAndLose() {
        stressed.followerFetches(1);
        stressed.loseLeadership();
    }

    @Arbiter
    public void end(I_Result result) {
        result.r1 = ack.code();
    }
}
