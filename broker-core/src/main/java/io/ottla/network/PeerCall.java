package io.ottla.network;

import io.ottla.protocol.Api;
import io.ottla.time.Timer;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiMessage;

/** A request to another broker until it is answered. Belongs to the event loop of its {@link PeerLink}. */
final class PeerCall {
    private final Api api;
    private final ApiMessage request;
    private final short version;
    private final CompletableFuture<ApiMessage> result = new CompletableFuture<>();
    private Timer.Timeout timeout;
    private int correlationId = -1;
    private long sentNs;
    private boolean over;

    PeerCall(ApiMessage request, short version) {
        this.api = Api.forId(request.apiKey());
        this.request = request;
        this.version = version;
    }

    Api api() {
        return api;
    }

    ApiMessage request() {
        return request;
    }

    short version() {
        return version;
    }

    CompletableFuture<ApiMessage> result() {
        return result;
    }

    void expiresBy(Timer.Timeout by) {
        timeout = by;
    }

    void sent(int as, long nowNs) {
        correlationId = as;
        sentNs = nowNs;
    }

    int correlationId() {
        return correlationId;
    }

    long sentNs() {
        return sentNs;
    }

    boolean isSent() {
        return correlationId >= 0;
    }

    /** Whether its caller has heard: what comes for it now is dropped. */
    boolean isOver() {
        return over;
    }

    void answer(ApiMessage with) {
        if (end()) {
            result.complete(with);
        }
    }

    void fail(Throwable with) {
        if (end()) {
            result.completeExceptionally(with);
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        if (timeout != null) {
            timeout.cancel();
        }
        return true;
    }

    @Override
    public String toString() {
        return api.label() + " v" + version;
    }
}
