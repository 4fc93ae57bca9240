package io.ottla.replication;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Deleting up to the high watermark while it moves deletes up to where it stood. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing was committed")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "all")
@State
public class DeleteRecordsAndFollowStress {
    private final StressedPartition stressed = new StressedPartition(StressedPartition.SELF, StressedPartition.OTHER);

    public DeleteRecordsAndFollowStress() {
        stressed.append(stressed.partition().role());
    }

    @Actor
    public void follow() {
        stressed.followerFetches(1);
    }

    @Actor
    public void deleteRecords(II_Result result) {
        stressed.partition().deleteRecords(-1);
        result.r1 = (int) stressed.partition().log().logStartOffset();
    }

    @Arbiter
    public void end(II_Result result) {
        result.r2 = (int) stressed.partition().log().logStartOffset();
    }
}
