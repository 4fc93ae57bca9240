package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.controller.FeatureUpdate;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Sets levels of features, all that are named or none (KIP-584). An error is the whole answer's; below version 2 a
 * success names each feature (KIP-1022).
 */
final class UpdateFeaturesHandler implements ApiHandler<UpdateFeaturesRequestData, UpdateFeaturesResponseData> {
    private static final short NAMES_TYPE = 1;
    private static final short NAMES_NOTHING = 2;

    private final ApiSpec<UpdateFeaturesRequestData, UpdateFeaturesResponseData> spec = ApiSpec.of(
                    ApiKeys.UPDATE_FEATURES,
                    (UpdateFeaturesRequestData request, Errors error) -> refusing(Failure.of(error)),
                    (UpdateFeaturesResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs))
            .demanding(AclOperation.ALTER)
            .answeredByController(UpdateFeaturesResponseData::throttleTimeMs);
    private final Controller controller;
    private final Timer timer;

    UpdateFeaturesHandler(Controller controller, Timer timer) {
        this.controller = controller;
        this.timer = timer;
    }

    @Override
    public ApiSpec<UpdateFeaturesRequestData, UpdateFeaturesResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<UpdateFeaturesResponseData> handle(RequestContext context, UpdateFeaturesRequestData request) {
        short version = context.apiVersion();
        List<FeatureUpdate> updates = new ArrayList<>();
        for (FeatureUpdateKey key : request.featureUpdates()) {
            updates.add(new FeatureUpdate(key.feature(), key.maxVersionLevel(), direction(key, version)));
        }
        return TimedAnswer.of(
                controller.updateFeatures(updates, request.validateOnly()),
                request.timeoutMs(),
                timer,
                failure -> answer(failure, updates, version),
                () -> refusing(controller.lateness()),
                () -> refusing(Failure.of(Errors.UNKNOWN_SERVER_ERROR)));
    }

    private static FeatureUpdate.Direction direction(FeatureUpdateKey key, short version) {
        if (version < NAMES_TYPE) {
            return key.allowDowngrade() ? FeatureUpdate.Direction.SAFE_DOWNGRADE : FeatureUpdate.Direction.UPGRADE;
        }
        return switch (key.upgradeType()) {
            case 1 -> FeatureUpdate.Direction.UPGRADE;
            case 2 -> FeatureUpdate.Direction.SAFE_DOWNGRADE;
            case 3 -> FeatureUpdate.Direction.UNSAFE_DOWNGRADE;
            default -> FeatureUpdate.Direction.UNKNOWN;
        };
    }

    private static UpdateFeaturesResponseData answer(
            Optional<Failure> failure, List<FeatureUpdate> updates, short version) {
        if (failure.isPresent()) {
            return refusing(failure.get());
        }
        UpdateFeaturesResponseData answer = new UpdateFeaturesResponseData().setErrorMessage(null);
        if (version < NAMES_NOTHING) {
            updates.forEach(update -> answer.results()
                    .add(new UpdatableFeatureResult()
                            .setFeature(update.feature())
                            .setErrorMessage(Errors.NONE.message())));
        }
        return answer;
    }

    private static UpdateFeaturesResponseData refusing(Failure failure) {
        return new UpdateFeaturesResponseData()
                .setErrorCode(failure.error().code())
                .setErrorMessage(failure.text());
    }
}
