package io.ottla.bench;

import io.netty.buffer.ByteBuf;
import io.ottla.protocol.Api;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.RequestHeaderDecoder;
import io.ottla.protocol.Requests;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a request's bytes to its message: the records stay where they are, however many there are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {
    /** In the produce request. */
    @Param({"1", "100"})
    public int records;

    private final RequestHeaderDecoder headers = new RequestHeaderDecoder();
    private final BoundedReadable readable = new BoundedReadable();
    private ByteBuf produce;
    private ByteBuf fetch;

    @Setup
    public void encode() {
        produce = Frames.produce(records);
        fetch = Frames.fetch(0, 1 << 20, 0, 0);
    }

    @TearDown
    public void release() {
        produce.release();
        fetch.release();
    }

    @Benchmark
    public ApiMessage produce() {
        return decode(produce, ApiKeys.PRODUCE, Frames.PRODUCE_VERSION);
    }

    @Benchmark
    public ApiMessage fetch() {
        return decode(fetch, ApiKeys.FETCH, Frames.FETCH_VERSION);
    }

    private ApiMessage decode(ByteBuf frame, ApiKeys key, short version) {
        readable.over(frame, 0, frame.writerIndex(), 0);
        headers.decode(readable);
        return Requests.request(Api.of(key), version, readable);
    }
}
