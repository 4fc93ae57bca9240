package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A place in the ring is right, or is not taken, while the writer goes round. */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not in the ring any more")
@Outcome(id = "200", expect = Expect.ACCEPTABLE, desc = "where the batch begins")
@State
public class RecentBatchesStress {
    private static final int KNOWN = 60;
    private static final int ASKED = 20;

    private final RecentBatches ring = new RecentBatches();

    public RecentBatchesStress() {
        for (int i = 0; i < KNOWN; i++) {
            ring.add(i, i * 10);
        }
    }

    @Actor
    public void append() {
        for (int i = KNOWN; i < KNOWN + 40; i++) {
            ring.add(i, i * 10);
        }
    }

    @Actor
    public void find(I_Result result) {
        result.r1 = ring.find(ASKED);
    }
}
