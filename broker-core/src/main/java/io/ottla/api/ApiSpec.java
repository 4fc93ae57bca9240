package io.ottla.api;

import io.ottla.protocol.Api;
import io.ottla.protocol.OwnApi;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the dispatcher must know of an API. ApiVersions is derived from these.
 *
 * @param api what it is
 * @param oldest the first version served
 * @param newest the last version served
 * @param clusterOperation asked of the authorizer for the cluster resource before the handler runs; null where the
 *     handler itself asks about the resources that a request names
 * @param refusal makes an answer that carries one error for the whole of a request: not authorised, out of memory,
 *     a handler that broke. Must fill every part of the answer that the client waits for
 * @param throttle puts a throttle time in milliseconds into an answer
 * @param throttled the throttle time in milliseconds that an answer of the controller names, where only the controller
 *     can answer and requests are forwarded elsewhere; null where any broker answers
 * @param interBrokerOnly whether it is served on the inter-broker listener alone, and never announced
 * @param expansion how many bytes of heap a byte of request may become at most, for the memory budget
 */
public record ApiSpec<Q extends ApiMessage, A extends ApiMessage>(
        Api api,
        short oldest,
        short newest,
        AclOperation clusterOperation,
        BiFunction<Q, Errors, A> refusal,
        BiConsumer<A, Integer> throttle,
        ToIntFunction<A> throttled,
        boolean interBrokerOnly,
        int expansion) {

    /** Served in all stable versions that the message classes know; see the {@code with…} methods for the rest. */
    public static <Q extends ApiMessage, A extends ApiMessage> ApiSpec<Q, A> of(
            ApiKeys key, BiFunction<Q, Errors, A> refusal, BiConsumer<A, Integer> throttle) {
        return of(Api.of(key), refusal, throttle);
    }

    private static <Q extends ApiMessage, A extends ApiMessage> ApiSpec<Q, A> of(
            Api api, BiFunction<Q, Errors, A> refusal, BiConsumer<A, Integer> throttle) {
        return new ApiSpec<>(api, api.oldestVersion(), api.latestVersion(), null, refusal, throttle, null, false, 4);
    }

    /** Of our own: for brokers alone, who need ClusterAction on the cluster. No quota holds them back. */
    public static <Q extends ApiMessage, A extends ApiMessage> ApiSpec<Q, A> of(
            OwnApi api, BiFunction<Q, Errors, A> refusal) {
        return ApiSpec.<Q, A>of(api, refusal, (answer, throttleMs) -> {})
                .demanding(AclOperation.CLUSTER_ACTION)
                .amongBrokers();
    }

    public ApiSpec<Q, A> versions(int first, int last) {
        return new ApiSpec<>(
                api,
                (short) first,
                (short) last,
                clusterOperation,
                refusal,
                throttle,
                throttled,
                interBrokerOnly,
                expansion);
    }

    /** Demands a permission on the cluster. */
    public ApiSpec<Q, A> demanding(AclOperation operation) {
        return new ApiSpec<>(
                api, oldest, newest, operation, refusal, throttle, throttled, interBrokerOnly, expansion);
    }

    /** Answered by the controller, whose answers name that throttle time: the client's own broker holds it back. */
    public ApiSpec<Q, A> answeredByController(ToIntFunction<A> throttleTime) {
        return new ApiSpec<>(
                api, oldest, newest, clusterOperation, refusal, throttle, throttleTime, interBrokerOnly, expansion);
    }

    /** Whether only the controller can answer: elsewhere it is forwarded. */
    public boolean onController() {
        return throttled != null;
    }

    /** Served among brokers only. */
    public ApiSpec<Q, A> amongBrokers() {
        return new ApiSpec<>(api, oldest, newest, clusterOperation, refusal, throttle, throttled, true, expansion);
    }

    /** Declares the memory estimate. */
    public ApiSpec<Q, A> expandingBy(int factor) {
        return new ApiSpec<>(
                api, oldest, newest, clusterOperation, refusal, throttle, throttled, interBrokerOnly, factor);
    }

    public boolean serves(short version) {
        return version >= oldest && version <= newest;
    }
}
