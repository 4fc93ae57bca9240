package io.ottla.api;

import io.ottla.metrics.Distribution;
import io.ottla.storage.StoredRecords;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One request and its answer, from dispatch until the answer is on its way. Belongs to the connection's event loop;
 * only the reply inside is shared.
 */
public final class Exchange implements Dispatch {
    private final ApiSpec<ApiMessage, ApiMessage> spec;
    private final RequestMeter meter;
    private final RequestContext context;
    private final int correlationId;
    private final short version;
    private final int requestBytes;
    private final boolean exclusive;
    private final Reply<ApiMessage> reply;
    private final long startedNs;
    private final long handledNs;
    private final int ownThrottleMs;
    private long orderedNs;
    private long doneNs;

    Exchange(
            ApiSpec<ApiMessage, ApiMessage> spec,
            RequestMeter meter,
            RequestContext context,
            int correlationId,
            short version,
            int requestBytes,
            boolean exclusive,
            Reply<ApiMessage> reply,
            long startedNs,
            long handledNs,
            int ownThrottleMs) {
        this.spec = spec;
        this.meter = meter;
        this.context = context;
        this.correlationId = correlationId;
        this.version = version;
        this.requestBytes = requestBytes;
        this.exclusive = exclusive;
        this.reply = reply;
        this.startedNs = startedNs;
        this.handledNs = handledNs;
        this.ownThrottleMs = ownThrottleMs;
        this.orderedNs = handledNs;
        this.doneNs = handledNs;
    }

    public Reply<ApiMessage> reply() {
        return reply;
    }

    public int correlationId() {
        return correlationId;
    }

    /** The version that the answer is encoded in. */
    public short version() {
        return version;
    }

    public short responseHeaderVersion() {
        return spec.api().responseHeaderVersion(version);
    }

    /** Of its frame, without the length in front. */
    public int requestBytes() {
        return requestBytes;
    }

    /** Whether nothing else of its connection may begin before it has been answered (DESIGN §4.2). */
    public boolean exclusive() {
        return exclusive;
    }

    /** When its handler had returned, on the monotonic clock; saves a look at the clock. */
    public long handledNs() {
        return handledNs;
    }

    /** Notes when the first stage was over, where that was not when the handler returned. */
    public void ordered(long nowNs) {
        orderedNs = nowNs;
    }

    /** Notes when the second stage was over, where that was not when the handler returned. */
    public void done(long nowNs) {
        doneNs = nowNs;
    }

    /** For how long its connection starts nothing new, in milliseconds. Final once the reply is done. */
    public int throttleMs() {
        return Math.max(ownThrottleMs, reply.throttleMs());
    }

    /** Makes the answer ready to be encoded: throttle time and error counts. Once. */
    public ApiMessage finish(ApiMessage answer) {
        int throttleMs = throttleMs();
        if (throttleMs > 0) {
            spec.throttle().accept(answer, throttleMs);
        }
        meter.answered(answer);
        return answer;
    }

    /** Records how long it took. Once, when the answer has been handed to the socket or there is none. */
    public void sent(long nowNs) {
        meter.took(context.receivedNs(), startedNs, handledNs, orderedNs, doneNs, nowNs);
    }

    /** Where the caller records, in nanoseconds, how long the answer was on its way into the socket, if not gone at once. */
    public Distribution sendTimes() {
        return meter.sending();
    }

    /** Gives back what an answer holds that will not be sent: its connection has closed. */
    public static void discard(Reply.Outcome<ApiMessage> outcome) {
        if (outcome instanceof Reply.Outcome.Answer<ApiMessage>(ApiMessage answer)) {
            discard(answer);
        }
    }

    /** Gives back what an answer holds: it can't be sent. */
    public static void discard(ApiMessage answer) {
        if (answer instanceof FetchResponseData fetch) {
            for (FetchResponseData.FetchableTopicResponse topic : fetch.responses()) {
                for (FetchResponseData.PartitionData partition : topic.partitions()) {
                    if (partition.records() instanceof StoredRecords stored) {
                        stored.discard();
                    }
                }
            }
        }
    }

    @Override
    public String toString() {
        return spec.api().label() + " v" + version + " #" + correlationId;
    }
}
