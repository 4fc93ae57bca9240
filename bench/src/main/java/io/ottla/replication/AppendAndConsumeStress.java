package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A consumer gets exactly what lies below the high watermark that its answer names. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one record")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both")
@State
public class AppendAndConsumeStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF);
    private final Role leading = stressed.partition().role();

    @Actor
    public void append() {
        stressed.append(leading);
        stressed.append(leading);
    }

    @Actor
    public void consume(II_Result result) {
        PartitionRead read = stressed.consume();
        result.r1 = read instanceof PartitionRead.Found found ? (int) found.highWatermark() : -1;
        result.r2 = StressedPartition.batches(read);
    }
}
