package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.FeaturesImage;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKeyCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Says what this broker serves (KIP-35, KIP-511, KIP-584): each API that has a handler, in its handler's versions, but
 * for those among brokers only.
 *
 * <p>Produce is announced from version 0 whatever its handler serves. librdkafka compares the lowest announced version
 * with 0 and turns off compression where they differ (KAFKA-18659), so Kafka 4 announces it too; a request in a
 * version that is announced and not served is answered by closing the connection, as there.
 *
 * <p>Version 5 carries whom the client believes to talk to (KIP-1242). Where that is somebody else the answer is
 * REBOOTSTRAP_REQUIRED, and the client looks the cluster up again.
 *
 * <p>Features whose lowest level is 0 are left out below version 4, whose clients can't read them (KIP-1022).
 */
final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequestData, ApiVersionsResponseData> {
    private static final int LONGEST_SOFTWARE_NAME = 255;
    private static final short FEATURES_FROM_ZERO = 4;
    private static final short NAMES_PEER = 5;
    private static final short NAMES_SOFTWARE = 3;

    private final ApiSpec<ApiVersionsRequestData, ApiVersionsResponseData> spec = ApiSpec.of(
            ApiKeys.API_VERSIONS,
            (request, error) -> refusing(error),
            (answer, throttleMs) -> answer.setThrottleTimeMs(throttleMs));
    private final List<ApiSpec<?, ?>> others;
    private final Map<String, BrokerImage.VersionRange> supported;
    private final int brokerId;
    private final Supplier<ClusterImage> image;

    ApiVersionsHandler(
            List<ApiSpec<?, ?>> others,
            Map<String, BrokerImage.VersionRange> supported,
            int brokerId,
            Supplier<ClusterImage> image) {
        this.others = List.copyOf(others);
        this.supported = Map.copyOf(supported);
        this.brokerId = brokerId;
        this.image = image;
    }

    @Override
    public ApiSpec<ApiVersionsRequestData, ApiVersionsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ApiVersionsResponseData> handle(RequestContext context, ApiVersionsRequestData request) {
        short version = context.apiVersion();
        if (version >= NAMES_SOFTWARE && !isNamed(request)) {
            return Reply.of(refusing(Errors.INVALID_REQUEST));
        }
        ClusterImage now = image.get();
        if (version >= NAMES_PEER && isForAnother(request, now)) {
            return Reply.of(refusing(Errors.REBOOTSTRAP_REQUIRED));
        }
        FeaturesImage features = now.features();
        return Reply.of(new ApiVersionsResponseData()
                .setApiKeys(announced())
                .setSupportedFeatures(supportedFeatures(version))
                .setFinalizedFeatures(finalizedFeatures(features))
                .setFinalizedFeaturesEpoch(features.epoch()));
    }

    /** Whether name and version of the client's software are such as KIP-511 allows. */
    static boolean isNamed(ApiVersionsRequestData request) {
        return isSoftwareWord(request.clientSoftwareName()) && isSoftwareWord(request.clientSoftwareVersion());
    }

    /** Letters, digits, dots and dashes; a letter or digit at both ends. */
    private static boolean isSoftwareWord(String word) {
        int length = word.length();
        if (length == 0
                || length > LONGEST_SOFTWARE_NAME
                || !isAlphanumeric(word.charAt(0))
                || !isAlphanumeric(word.charAt(length - 1))) {
            return false;
        }
        for (int i = 1; i < length - 1; i++) {
            char c = word.charAt(i);
            if (!isAlphanumeric(c) && c != '-' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private boolean isForAnother(ApiVersionsRequestData request, ClusterImage now) {
        String cluster = request.clusterId();
        boolean otherCluster =
                cluster != null && !cluster.isEmpty() && !now.clusterId().isEmpty() && !cluster.equals(now.clusterId());
        return otherCluster || (request.nodeId() >= 0 && request.nodeId() != brokerId);
    }

    /** The v0 answer to a version that nobody here knows: it names the range that would do (KIP-511). */
    ApiVersionsResponseData unsupportedVersion() {
        return refusing(Errors.UNSUPPORTED_VERSION);
    }

    private ApiVersionsResponseData refusing(Errors error) {
        ApiVersionsResponseData answer = new ApiVersionsResponseData().setErrorCode(error.code());
        if (error == Errors.UNSUPPORTED_VERSION) {
            ApiVersionCollection keys = new ApiVersionCollection();
            keys.add(announce(spec));
            answer.setApiKeys(keys);
        }
        return answer;
    }

    private ApiVersionCollection announced() {
        ApiVersionCollection keys = new ApiVersionCollection(others.size() + 1);
        boolean self = false;
        for (ApiSpec<?, ?> other : others) {
            if (!self && other.api().id() > spec.api().id()) {
                keys.add(announce(spec));
                self = true;
            }
            if (!other.interBrokerOnly()) {
                keys.add(announce(other));
            }
        }
        if (!self) {
            keys.add(announce(spec));
        }
        return keys;
    }

    private static ApiVersion announce(ApiSpec<?, ?> api) {
        return new ApiVersion()
                .setApiKey(api.api().id())
                .setMinVersion(api.api().id() == ApiKeys.PRODUCE.id ? 0 : api.oldest())
                .setMaxVersion(api.newest());
    }

    private SupportedFeatureKeyCollection supportedFeatures(short version) {
        SupportedFeatureKeyCollection features = new SupportedFeatureKeyCollection();
        supported.forEach((name, range) -> {
            if (range.min() > 0 || version >= FEATURES_FROM_ZERO) {
                features.add(new SupportedFeatureKey()
                        .setName(name)
                        .setMinVersion(range.min())
                        .setMaxVersion(range.max()));
            }
        });
        return features;
    }

    private static FinalizedFeatureKeyCollection finalizedFeatures(FeaturesImage image) {
        FinalizedFeatureKeyCollection features = new FinalizedFeatureKeyCollection();
        image.levels().forEach((name, level) -> {
            // Level 0 is a feature that is off: it is not finalised.
            if (level > 0) {
                features.add(new FinalizedFeatureKey()
                        .setName(name)
                        .setMinVersionLevel(level)
                        .setMaxVersionLevel(level));
            }
        });
        return features;
    }
}
