package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who waits for replication while it happens is told, once. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "acknowledged")
@State
public class AwaitAndFollowStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);
    private final StressedPartition.Ack ack = new StressedPartition.Ack();
    private final Role.Leading leading = (Role.Leading) stressed.partition().role();

    public AwaitAndFollowStress() {
        stressed.append(leading);
    }

    @Actor
    public void await() {
        stressed.partition().await(ack, leading, 1);
    }

    @Actor
    public void follow() {
        stressed.followerFetches(1);
    }

    @Arbiter
    public void end(I_Result result) {
        result.r1 = ack.code();
    }
}
