package io.ottla.replication;

import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.StressedLog;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * What four loops do to a partition, by two threads: two append and wait, one brings a follower's fetches, one changes the
 * in-sync set and then ends the leadership. Who waits is told once, and only what is committed is acknowledged.
 */
@JCStressTest
@Outcome(
        id = "(-1|0|6), (-1|0|6), 1",
        expect = Expect.ACCEPTABLE,
        desc = "each refused, acknowledged or told that leadership ended, and the log agrees")
@State
public class FourLoopsStress {
    private static final int REFUSED = -1;

    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);
    private final Role.Leading leading = (Role.Leading) stressed.partition().role();
    private final StressedPartition.Ack one = new StressedPartition.Ack();
    private final StressedPartition.Ack other = new StressedPartition.Ack();
    private volatile boolean oneAppended;
    private volatile boolean otherAppended;

    @Actor
    public void produceAndFollow() {
        oneAppended = produce(one);
        stressed.followerFetches(1);
        stressed.followerFetches(2);
    }

    @Actor
    public void produceAndChange() {
        otherAppended = produce(other);
        stressed.partition().apply(StressedPartition.alone(StressedPartition.SELF, StressedPartition.OTHER));
        stressed.loseLeadership();
    }

    private boolean produce(StressedPartition.Ack ack) {
        AppendResult result = stressed.partition().append(leading, StressedLog.oneRecord(), AppendOrigin.CLIENT, false);
        if (!(result instanceof AppendResult.Appended appended)) {
            return false;
        }
        stressed.partition().await(ack, leading, appended.lastOffset() + 1);
        return true;
    }

    @Arbiter
    public void end(III_Result result) {
        result.r1 = oneAppended ? one.code() : REFUSED;
        result.r2 = otherAppended ? other.code() : REFUSED;
        int appended = (oneAppended ? 1 : 0) + (otherAppended ? 1 : 0);
        int acknowledged = (result.r1 == 0 ? 1 : 0) + (result.r2 == 0 ? 1 : 0);
        Partition partition = stressed.partition();
        long end = partition.log().logEndOffset();
        boolean agrees =
                end == appended && partition.highWatermark() >= acknowledged && partition.highWatermark() <= end;
        result.r3 = agrees ? 1 : 0;
    }
}
