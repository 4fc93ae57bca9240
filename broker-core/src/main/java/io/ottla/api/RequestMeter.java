package io.ottla.api;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.protocol.Api;
import java.util.function.IntConsumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The meters of one API, looked up once ({@code kafka.network:type=RequestMetrics}). Thread-safe.
 *
 * <p>Every request counts in {@code totaltimems} and {@code localtimems}. The other times are of the requests that had
 * them: what never waited in a queue, for replicas or for its turn to be sent is not in those distributions.
 */
final class RequestMeter implements IntConsumer {
    private static final String PREFIX = "kafka_network_requestmetrics_";
    private static final double NANOS_AS_MS = 1e-6;
    /** Error codes begin at -1. */
    private static final int FIRST_ERROR = -1;

    private final Metrics metrics;
    private final String name;
    private final Counter[] byVersion;
    private final Counter[] byError = new Counter[Errors.values().length + 1];
    private final AnswerErrors errors;
    private final Distribution bytes;
    private final Distribution total;
    private final Distribution queued;
    private final Distribution local;
    private final Distribution remote;
    private final Distribution responseQueued;
    private final Distribution sending;

    RequestMeter(Metrics metrics, Api api, short newest) {
        this.metrics = metrics;
        this.name = api.label();
        this.byVersion = new Counter[newest + 1];
        this.errors = AnswerErrors.of(api.newResponse().getClass());
        Labels labels = Labels.of("request", name);
        bytes = metrics.distribution(PREFIX + "requestbytes", "Bytes of requests", labels);
        total = times("totaltimems", "From a request's arrival until its answer is handed to the socket", labels);
        queued = times("requestqueuetimems", "What a request waited for earlier ones of its connection", labels);
        local = times("localtimems", "What a request's handler took", labels);
        remote = times("remotetimems", "What an answer waited for replicas, data or others", labels);
        responseQueued = times("responsequeuetimems", "What an answer waited for earlier ones", labels);
        sending = times("responsesendtimems", "What an answer took into the socket that was not taken at once", labels);
    }

    private Distribution times(String what, String help, Labels labels) {
        return metrics.distribution(PREFIX + what, help + ", milliseconds", labels, NANOS_AS_MS);
    }

    /** Counts a request that will be handled. */
    void began(short version, int requestBytes) {
        Counter counter = byVersion[version];
        if (counter == null) {
            counter = metrics.counter(
                    PREFIX + "requests_total",
                    "Requests",
                    Labels.of("request", name, "version", Short.toString(version)));
            byVersion[version] = counter;
        }
        counter.increment();
        bytes.record(requestBytes);
    }

    /** Counts the errors in an answer. */
    void answered(ApiMessage answer) {
        errors.forEach(answer, this);
    }

    /** Counts one error code. */
    @Override
    public void accept(int code) {
        int at = code - FIRST_ERROR;
        if (at < 0 || at >= byError.length) {
            return;
        }
        Counter counter = byError[at];
        if (counter == null) {
            counter = metrics.counter(
                    PREFIX + "errors_total",
                    "Error codes in answers, NONE included",
                    Labels.of(
                            "request",
                            name,
                            "error",
                            Errors.forCode((short) code).name()));
            byError[at] = counter;
        }
        counter.increment();
    }

    /** How long answers were on their way into the socket, in nanoseconds. */
    Distribution sending() {
        return sending;
    }

    void took(long receivedNs, long startedNs, long handledNs, long orderedNs, long doneNs, long sentNs) {
        total.record(sentNs - receivedNs);
        local.record(handledNs - startedNs);
        if (startedNs != receivedNs) {
            queued.record(startedNs - receivedNs);
        }
        long remoteFrom = Math.max(handledNs, orderedNs);
        if (doneNs > remoteFrom) {
            remote.record(doneNs - remoteFrom);
        }
        if (sentNs > doneNs) {
            responseQueued.record(sentNs - doneNs);
        }
    }
}
