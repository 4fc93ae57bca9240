package io.ottla.peer;

import io.ottla.types.Caller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The way to the cluster's controller. Where this broker is the controller the request is handled here; elsewhere it
 * is forwarded with the caller it came from (KIP-590). Thread-safe.
 */
public interface ControllerChannel {
    /**
     * Hands a request to the controller.
     *
     * @param version the request's API version
     * @param deadlineNs on the monotonic clock
     * @return the controller's answer; fails with {@code NotControllerException} when none is known until the deadline
     */
    CompletionStage<ApiMessage> forward(Caller caller, ApiMessage request, short version, long deadlineNs);
}
