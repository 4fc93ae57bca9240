package io.ottla.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Each of two who ask for a flush at once is told of one that began after they had appended. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both")
@State
public class GroupCommitStress {
    private final AtomicLong appended = new AtomicLong();
    private final GroupCommit commits = new GroupCommit(Runnable::run, (_, _) -> () -> false);
    private final CompletableFuture<Long> first = new CompletableFuture<>();
    private final CompletableFuture<Long> second = new CompletableFuture<>();
    private final GroupCommit.Member log = appended::get;
    private long firstAppended;
    private long secondAppended;

    @Actor
    public void first() {
        firstAppended = appended.incrementAndGet();
        commits.request(log, 1, first);
    }

    @Actor
    public void second() {
        secondAppended = appended.incrementAndGet();
        commits.request(log, 1, second);
    }

    @Arbiter
    public void end(II_Result result) {
        result.r1 = first.getNow(-1L) >= firstAppended ? 1 : -1;
        result.r2 = second.getNow(-1L) >= secondAppended ? 1 : -1;
    }
}
