package io.ottla.network;

import io.ottla.protocol.Api;
import io.ottla.time.Timer;
import java.util.function.BiConsumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request to another broker until it is answered. Belongs to the event loop of its {@link PeerLink}. */
final class PeerCall {
    private static final Logger LOG = LoggerFactory.getLogger(PeerCall.class);

    private final Api api;
    private final ApiMessage request;
    private final short version;
    private final boolean inPlace;
    private final BiConsumer<? super ApiMessage, ? super Throwable> receiver;
    private Timer.Timeout timeout;
    private int correlationId = -1;
    private long sentNs;
    private boolean over;

    /**
     * @param inPlace whether the receiver keeps nothing of an answer's bytes
     * @param receiver of the answer or the failure, on the event loop
     */
    PeerCall(
            ApiMessage request,
            short version,
            boolean inPlace,
            BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
        this.api = Api.forId(request.apiKey());
        this.request = request;
        this.version = version;
        this.inPlace = inPlace;
        this.receiver = receiver;
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

    boolean isInPlace() {
        return inPlace;
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
            tell(with, null);
        }
    }

    void fail(Throwable with) {
        if (end()) {
            tell(null, with);
        }
    }

    private void tell(ApiMessage answer, Throwable failure) {
        try {
            receiver.accept(answer, failure);
        } catch (RuntimeException e) {
            LOG.error("What was to follow upon the answer to {} failed", this, e);
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
