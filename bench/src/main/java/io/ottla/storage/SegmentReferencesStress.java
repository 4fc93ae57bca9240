package io.ottla.storage;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who holds a segment finds its file open; when the last one lets go it is closed, once. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "held before the log let go")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "let go before")
@State
public class SegmentReferencesStress {
    private final AtomicInteger closings = new AtomicInteger();
    private final FileChannel file = new MemoryFile(new MemoryFile.Content());
    private final LogSegment segment = LogSegment.begin(
            new LogSegment.Place(new MemoryDisk(), Path.of("/memory"), 100, 100, this::close, ""),
            0,
            file,
            new LogSegment.Life(0, 0, 0));

    private void close(Runnable task) {
        closings.incrementAndGet();
        task.run();
    }

    @Actor
    public void letGo() {
        segment.release();
    }

    @Actor
    public void hold(II_Result result) {
        if (segment.acquire()) {
            result.r1 = file.isOpen() ? 1 : -1;
            segment.release();
        }
    }

    @Arbiter
    public void end(II_Result result) {
        result.r2 = file.isOpen() ? -1 : closings.get();
    }
}
