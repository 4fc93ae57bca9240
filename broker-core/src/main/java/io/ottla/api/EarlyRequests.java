package io.ottla.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Requests that came before this broker knew the cluster. They begin, each on its connection's loop, once it does; meanwhile
 * their connections begin nothing else. Thread-safe.
 */
final class EarlyRequests {
    private final Object lock = new Object();
    private final List<Held> waiting = new ArrayList<>();
    private volatile boolean isHolding;

    /** A request, and the answer that its connection waits for. */
    private static final class Held {
        private final Executor loop;
        private final Supplier<Reply<ApiMessage>> request;
        private final Reply<ApiMessage> reply = Reply.<ApiMessage>unordered().hurriedBy(this::hurry);
        private volatile Reply<ApiMessage> begun;

        Held(Executor loop, Supplier<Reply<ApiMessage>> request) {
            this.loop = loop;
            this.request = request;
        }

        void begin() {
            try {
                loop.execute(this::beginHere);
            } catch (RejectedExecutionException stopping) {
                giveUp();
            }
        }

        private void beginHere() {
            if (reply.outcomeNow() != null) {
                return;
            }
            Reply<ApiMessage> real = request.get();
            begun = real;
            real.onOrdered(reply::markOrdered);
            real.onDone(how -> {
                if (!reply.throttled(real.throttleMs()).end(how)) {
                    Exchange.discard(how); // nobody waits for it any more
                }
            });
        }

        private void hurry() {
            Reply<ApiMessage> real = begun;
            if (real == null) {
                giveUp();
            } else {
                real.hurry();
            }
        }

        private void giveUp() {
            reply.end(new Reply.Outcome.Hangup<>(
                    Errors.BROKER_NOT_AVAILABLE, "the broker stops before it has served anybody"));
        }
    }

    /** From now on requests have to wait, until {@link #release}. */
    void hold() {
        isHolding = true;
    }

    boolean isHolding() {
        return isHolding;
    }

    /**
     * Lets a request wait, or begin where waiting has just ended.
     *
     * @param loop of its connection
     * @param request begins it
     */
    Reply<ApiMessage> add(Executor loop, Supplier<Reply<ApiMessage>> request) {
        Held held = new Held(loop, request);
        synchronized (lock) {
            if (isHolding) {
                waiting.add(held);
                return held.reply;
            }
        }
        held.begin();
        return held.reply;
    }

    /** Nobody waits any more. */
    void release() {
        List<Held> all;
        synchronized (lock) {
            isHolding = false;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(Held::begin);
    }
}
