package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** An append is refused or is in the log when leadership ends; nothing is appended after. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "appended before")
@State
public class AppendAndLoseLeadershipStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);
    private final Role leading = stressed.partition().role();

    @Actor
    public void append(III_Result result) {
        result.r1 = stressed.append(leading) ? 1 : 0;
    }

    @Actor
    public void lose(III_Result result) {
        stressed.loseLeadership();
        result.r2 = (int) stressed.partition().log().logEndOffset();
    }

    @Arbiter
    public void end(III_Result result) {
        result.r3 = (int) stressed.partition().log().logEndOffset();
    }
}
