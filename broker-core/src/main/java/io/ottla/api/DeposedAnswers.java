package io.ottla.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Tells answers of a controller that was none any more: the request is for another one. Thread-safe. */
final class DeposedAnswers {
    private final Map<Short, AnswerErrors> errors = new HashMap<>();

    /** @param handlers whose answers they are */
    DeposedAnswers(List<? extends ApiHandler<?, ?>> handlers) {
        for (ApiHandler<?, ?> handler : handlers) {
            errors.put(
                    handler.spec().api().id(),
                    AnswerErrors.of(handler.spec().api().newResponse().getClass()));
        }
    }

    boolean contain(ApiMessage answer) {
        AnswerErrors where = errors.get(answer.apiKey());
        if (where == null) {
            return false;
        }
        boolean[] found = new boolean[1];
        where.forEach(answer, code -> found[0] |= code == Errors.NOT_CONTROLLER.code());
        return found[0];
    }
}
