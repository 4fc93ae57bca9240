package io.ottla.bench;

import io.netty.buffer.ByteBuf;
import io.ottla.config.TopicProperties;
import io.ottla.record.BatchRules;
import io.ottla.record.Validation;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a decoded batch to the log's file, and all the way from a request's bytes to its answer's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AppendBenchmark {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);

    /** Of 100 bytes, in one batch. */
    @Param({"1", "100"})
    public int records;

    private final BatchRules rules = TopicProperties.DEFAULTS.batchRules();
    private DataPath path;
    private ByteBuffer batch;
    private ByteBuf request;
    private int batchAt;

    @Setup
    public void open() throws IOException {
        path = new DataPath();
        batch = Frames.batch(records);
        request = Frames.produce(records);
        batchAt = Frames.batchAt(request, records);
    }

    @TearDown(Level.Iteration)
    public void empty() {
        path.empty();
    }

    /** Each way really appends. */
    @Setup(Level.Iteration)
    public void check() {
        validateAndAppend();
        request();
        if (path.log().logEndOffset() != 2L * records) {
            throw new IllegalStateException("Expected two appends of " + records + " records, but the log ends at "
                    + path.log().logEndOffset());
        }
    }

    @TearDown
    public void close() throws IOException {
        path.close();
        request.release();
    }

    @Benchmark
    public Validation validate() {
        Frames.renew(batch);
        return path.validator.check(batch, Frames.PRODUCE_VERSION, rules);
    }

    @Benchmark
    public AppendResult validateAndAppend() {
        Frames.renew(batch);
        if (path.validator.check(batch, Frames.PRODUCE_VERSION, rules) instanceof Validation.Accepted(var batches)) {
            return path.log().appendAsLeader(batches, EPOCH, AppendOrigin.CLIENT);
        }
        throw new IllegalStateException("Expected good batches");
    }

    /** Decoding, checking, appending, and encoding the answer. */
    @Benchmark
    public int request() {
        Frames.renew(request, batchAt);
        return path.serve(request);
    }
}
