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

/** Each of two who ask for a write at once is told when one has ended that holds what it had changed before. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both")
@State
public class SharedWriteStress {
    private final AtomicLong changed = new AtomicLong();
    private volatile long written;
    private final SharedWrite write = new SharedWrite(Runnable::run, () -> written = changed.get());
    private CompletableFuture<Long> first;
    private CompletableFuture<Long> second;
    private long firstChange;
    private long secondChange;

    private CompletableFuture<Long> ask() {
        return write.request().thenApply(_ -> written).toCompletableFuture();
    }

    @Actor
    public void first() {
        firstChange = changed.incrementAndGet();
        first = ask();
    }

    @Actor
    public void second() {
        secondChange = changed.incrementAndGet();
        second = ask();
    }

    @Arbiter
    public void end(II_Result result) {
        result.r1 = first.getNow(-1L) >= firstChange ? 1 : -1;
        result.r2 = second.getNow(-1L) >= secondChange ? 1 : -1;
    }
}
