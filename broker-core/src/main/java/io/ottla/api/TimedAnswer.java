package io.ottla.api;

import io.ottla.time.Timer;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers when something is done, or at the request's timeout, whichever is first. What was begun goes on. */
final class TimedAnswer {
    private static final Logger log = LoggerFactory.getLogger(TimedAnswer.class);

    private TimedAnswer() {}

    /**
     * @param timeoutMs 0 or less answers at once that time is up
     * @param answer of what was done
     * @param late of time that is up
     * @param broken of something that failed in a way nobody foresaw
     */
    static <R, A extends ApiMessage> Reply<A> of(
            CompletionStage<R> done,
            long timeoutMs,
            Timer timer,
            Function<R, A> answer,
            Supplier<A> late,
            Supplier<A> broken) {
        if (timeoutMs <= 0) {
            return Reply.of(late.get());
        }
        Reply<A> reply = Reply.later();
        Timer.Timeout timeout = timer.schedule(timeoutMs, () -> reply.complete(late.get()));
        done.whenComplete((result, error) -> {
            timeout.cancel();
            if (error == null) {
                reply.complete(answer.apply(result));
            } else {
                log.error("What the controller was asked for broke", error);
                reply.complete(broken.get());
            }
        });
        return reply;
    }
}
