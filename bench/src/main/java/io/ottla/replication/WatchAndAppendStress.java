package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who watches and then finds nothing is told of the append. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "found nothing, and told")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "found it")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found it, and told")
@State
public class WatchAndAppendStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF);
    private final Role leading = stressed.partition().role();
    private final StressedPartition.Look look = new StressedPartition.Look();

    @Actor
    public void append() {
        stressed.append(leading);
    }

    @Actor
    public void watch(II_Result result) {
        stressed.partition().watch(look);
        result.r1 = StressedPartition.batches(stressed.consume());
    }

    @Arbiter
    public void end(II_Result result) {
        result.r2 = look.isTold() ? 1 : 0;
    }
}
