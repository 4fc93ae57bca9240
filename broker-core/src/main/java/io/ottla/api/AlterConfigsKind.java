package io.ottla.api;

import io.ottla.types.Failure;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * One of the two APIs that change configuration: how its messages say what they say.
 *
 * @param changes what a request wants
 * @param validateOnly whether a request only asks what would happen
 * @param request a request that wants these changes
 * @param answer to changes, with the failure of each; null for none
 * @param failures what an answer says of each change
 * @param throttle puts a throttle time in milliseconds into an answer
 * @param throttled the one that an answer names
 */
record AlterConfigsKind<Q extends ApiMessage, A extends ApiMessage>(
        ApiKeys key,
        Function<Q, List<ConfigChange>> changes,
        Predicate<Q> validateOnly,
        BiFunction<List<ConfigChange>, Boolean, Q> request,
        BiFunction<List<ConfigChange>, List<Failure>, A> answer,
        Function<A, List<Failure>> failures,
        BiConsumer<A, Integer> throttle,
        ToIntFunction<A> throttled) {

    /** What is set so far goes, and clients send all there is (KIP-133). */
    static final AlterConfigsKind<AlterConfigsRequestData, AlterConfigsResponseData> REPLACING = new AlterConfigsKind<>(
            ApiKeys.ALTER_CONFIGS,
            ConfigChange::of,
            AlterConfigsRequestData::validateOnly,
            ConfigChange::requestToReplace,
            ConfigChange::replaced,
            ConfigChange::failures,
            AlterConfigsResponseData::setThrottleTimeMs,
            AlterConfigsResponseData::throttleTimeMs);

    /** Setting by setting (KIP-339). */
    static final AlterConfigsKind<IncrementalAlterConfigsRequestData, IncrementalAlterConfigsResponseData> INCREMENTAL =
            new AlterConfigsKind<>(
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    ConfigChange::of,
                    IncrementalAlterConfigsRequestData::validateOnly,
                    ConfigChange::requestToAlter,
                    ConfigChange::altered,
                    ConfigChange::failures,
                    IncrementalAlterConfigsResponseData::setThrottleTimeMs,
                    IncrementalAlterConfigsResponseData::throttleTimeMs);

    ApiSpec<Q, A> spec() {
        return ApiSpec.of(
                key,
                (Q request, Errors error) -> {
                    List<ConfigChange> asked = changes.apply(request);
                    return answer.apply(asked, Collections.nCopies(asked.size(), Failure.of(error)));
                },
                throttle);
    }
}
