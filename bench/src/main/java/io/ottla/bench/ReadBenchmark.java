package io.ottla.bench;

import io.netty.buffer.ByteBuf;
import io.ottla.protocol.BoundedReadable;
import io.ottla.record.Validation;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.FileSlice;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ReadResult;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finding what a fetch asks for, in a log of 128 MiB of which the last 16 MiB are its tail window; sending it is not
 * measured. And whole fetches, from a request's bytes to an answer that is ready to be sent.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReadBenchmark {
    private static final int LOG_BYTES = 128 << 20;
    private static final int OLD_BYTES = 96 << 20;
    private static final int MAX_BYTES = 1 << 20;
    private static final int RECORDS = 100;
    private static final int MARK = 0x1234_5678;

    private final Random random = new Random(1);
    private DataPath path;
    private PartitionLog log;
    private int batchBytes;
    private int batches;
    private long next;
    private long hot;
    private ByteBuf tail;
    private ByteBuf inSession;
    private int epochAt;
    private int epoch;

    @Setup
    public void write() throws IOException {
        path = new DataPath();
        log = path.log();
        ByteBuffer batch = Frames.batch(RECORDS);
        batchBytes = batch.remaining();
        batches = LOG_BYTES / batchBytes;
        for (int i = 0; i < batches; i++) {
            Frames.renew(batch);
            if (path.validator.check(
                            batch, Frames.PRODUCE_VERSION, log.properties().batchRules())
                    instanceof Validation.Accepted(var checked)) {
                log.appendAsLeader(checked, new LeaderEpoch(0), AppendOrigin.CLIENT);
            }
        }
        if (log.logEndOffset() != (long) batches * RECORDS) {
            throw new IllegalStateException(
                    "Expected all batches to be appended, but the log ends at " + log.logEndOffset());
        }
        // The partition learns of them by the last one.
        path.serve(Frames.produce(1));
        tail = Frames.fetch(last(), MAX_BYTES, 0, -1);
        inSession = session();
    }

    private long last() {
        return (long) (batches - 1) * RECORDS;
    }

    /** A request of a session whose partition is always read from the same place. */
    private ByteBuf session() {
        ByteBuf first = Frames.fetch(last(), MAX_BYTES, 0, 0);
        FetchResponseData answer = new FetchResponseData();
        ByteBuf bytes = path.answer(first);
        short headerVersion = ApiKeys.FETCH.responseHeaderVersion(Frames.FETCH_VERSION);
        BoundedReadable reader = new BoundedReadable().over(bytes.skipBytes(Integer.BYTES), 4);
        reader.skip(Integer.BYTES + (headerVersion > 0 ? 1 : 0));
        answer.read(reader, Frames.FETCH_VERSION);
        bytes.release();
        first.release();
        ByteBuf request = Frames.fetch(0, 0, answer.sessionId(), MARK);
        while (request.getInt(epochAt) != MARK) {
            epochAt++;
        }
        epoch = 1;
        return request;
    }

    @TearDown
    public void close() throws IOException {
        path.close();
        tail.release();
        inSession.release();
    }

    /** The last batch, whose place is known in memory. */
    @Benchmark
    public int tail() {
        return read(last());
    }

    /** One MiB after the other, as an event loop does it where all is in the page cache. */
    @Benchmark
    public int onward() {
        hot += log.isHot(next, log.logEndOffset(), MAX_BYTES, false) ? 1 : 0;
        int bytes = read(next);
        next += (long) bytes / batchBytes * RECORDS;
        if ((next / RECORDS + 1) * batchBytes > OLD_BYTES) {
            next = 0;
        }
        return bytes + (int) hot;
    }

    /** One MiB from anywhere: index and batch headers, in the page cache. */
    @Benchmark
    public int anywhere() {
        return read(random.nextInt(OLD_BYTES / batchBytes) * (long) RECORDS);
    }

    private int read(long offset) {
        if (!(log.read(offset, log.logEndOffset(), MAX_BYTES, true) instanceof ReadResult.Found found)) {
            throw new IllegalStateException("Expected to find " + offset);
        }
        for (FileSlice slice : found.slices()) {
            slice.release();
        }
        return found.bytes();
    }

    /** A whole fetch of the last batch, without session. */
    @Benchmark
    public int request() {
        return path.serve(tail);
    }

    /** The same in a session. */
    @Benchmark
    public int requestInSession() {
        inSession.setInt(epochAt, epoch++);
        return path.serve(inSession);
    }
}
