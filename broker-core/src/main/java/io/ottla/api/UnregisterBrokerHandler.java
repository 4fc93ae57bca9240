package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Forgets a broker that has gone for good (KIP-500). */
final class UnregisterBrokerHandler implements ApiHandler<UnregisterBrokerRequestData, UnregisterBrokerResponseData> {
    /** The request names none. */
    private static final int TIMEOUT_MS = 30_000;

    private final ApiSpec<UnregisterBrokerRequestData, UnregisterBrokerResponseData> spec = ApiSpec.of(
                    ApiKeys.UNREGISTER_BROKER,
                    (UnregisterBrokerRequestData _, Errors error) -> refusing(Failure.of(error)),
                    (UnregisterBrokerResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs))
            .demanding(AclOperation.ALTER)
            .answeredByController(UnregisterBrokerResponseData::throttleTimeMs);
    private final Controller controller;
    private final Timer timer;

    UnregisterBrokerHandler(Controller controller, Timer timer) {
        this.controller = controller;
        this.timer = timer;
    }

    @Override
    public ApiSpec<UnregisterBrokerRequestData, UnregisterBrokerResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<UnregisterBrokerResponseData> handle(RequestContext context, UnregisterBrokerRequestData request) {
        if (request.brokerId() < 0) {
            return Reply.of(refusing(Failure.of(Errors.BROKER_ID_NOT_REGISTERED)));
        }
        return TimedAnswer.of(
                controller.unregister(new BrokerId(request.brokerId())),
                TIMEOUT_MS,
                timer,
                failure -> failure.map(UnregisterBrokerHandler::refusing).orElseGet(UnregisterBrokerResponseData::new),
                () -> refusing(controller.lateness()),
                () -> refusing(Failure.of(Errors.UNKNOWN_SERVER_ERROR)));
    }

    private static UnregisterBrokerResponseData refusing(Failure failure) {
        return new UnregisterBrokerResponseData()
                .setErrorCode(failure.error().code())
                .setErrorMessage(failure.text());
    }
}
