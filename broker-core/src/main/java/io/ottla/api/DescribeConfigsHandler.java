package io.ottla.api;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigEntry;
import io.ottla.config.ConfigSource;
import io.ottla.config.EffectiveConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.controller.TopicNames;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Says what is in force on topics, on this broker, on all brokers, on loggers, groups and subscriptions to metrics, and
 * where each value comes from (KIP-133, KIP-226, KIP-412, KIP-569, KIP-714, KIP-848). Secrets are never shown.
 *
 * <p>A broker speaks only of itself: clients ask each one for its own.
 */
final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequestData, DescribeConfigsResponseData> {
    /** Some 25 000 topics; a small request must not make an answer that no heap can hold. */
    static final int MAX_ENTRIES = 1_000_000;

    private final ApiSpec<DescribeConfigsRequestData, DescribeConfigsResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_CONFIGS,
            DescribeConfigsHandler::refusing,
            (DescribeConfigsResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs));
    private final int brokerId;
    private final Supplier<ClusterImage> image;
    private final Supplier<BrokerConfig> config;
    private final ConfigAccess access;
    private final LoggerLevels loggers;
    private final int maxEntries;

    /**
     * @param config this broker's, with what is set on it while it runs
     * @param maxEntries past so many settings in an answer, the rest of the resources is refused
     */
    DescribeConfigsHandler(
            int brokerId,
            Supplier<ClusterImage> image,
            Supplier<BrokerConfig> config,
            Authorizer authorizer,
            LoggerLevels loggers,
            int maxEntries) {
        this.brokerId = brokerId;
        this.image = image;
        this.config = config;
        this.access = new ConfigAccess(authorizer, AclOperation.DESCRIBE_CONFIGS);
        this.loggers = loggers;
        this.maxEntries = maxEntries;
    }

    @Override
    public ApiSpec<DescribeConfigsRequestData, DescribeConfigsResponseData> spec() {
        return spec;
    }

    /** What was found of a resource. */
    private sealed interface Found {
        record Entries(List<ConfigEntry> entries) implements Found {}

        record Refused(Failure failure) implements Found {}
    }

    @Override
    public Reply<DescribeConfigsResponseData> handle(RequestContext context, DescribeConfigsRequestData request) {
        ClusterImage now = image.get();
        EffectiveConfig effective = new EffectiveConfig(config.get());
        DescribeConfigsResponseData answer = new DescribeConfigsResponseData();
        int entries = 0;
        for (DescribeConfigsResource resource : request.resources()) {
            DescribeConfigsResult result = new DescribeConfigsResult()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName());
            ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
            Found what = entries < maxEntries
                    ? found(context.caller(), type, resource.resourceName(), now, effective)
                    : refused(
                            Errors.INVALID_REQUEST,
                            "Expected to tell at most " + maxEntries
                                    + " settings in one answer, but these are more; ask for fewer resources");
            switch (what) {
                case Found.Entries found -> {
                    result.setConfigs(shown(found.entries(), resource, request));
                    entries += result.configs().size();
                }
                case Found.Refused refused ->
                    result.setErrorCode(refused.failure().error().code())
                            .setErrorMessage(refused.failure().text());
            }
            answer.results().add(result);
        }
        return Reply.of(answer);
    }

    private Found found(
            Caller caller, ConfigResource.Type type, String name, ClusterImage now, EffectiveConfig effective) {
        Errors denied = access.denied(caller, type, name);
        if (denied != Errors.NONE) {
            return new Found.Refused(Failure.of(denied));
        }
        return switch (type) {
            case TOPIC -> topic(name, now, effective);
            case BROKER -> broker(name, effective);
            case BROKER_LOGGER -> loggers(name);
            case GROUP ->
                name.isEmpty()
                        ? refused(Errors.INVALID_REQUEST, "Group name must not be empty")
                        : new Found.Entries(effective.ofGroup(set(now, type, name)));
            case CLIENT_METRICS ->
                name.isEmpty()
                        ? refused(Errors.INVALID_REQUEST, "Client metrics subscription name must not be empty")
                        : new Found.Entries(effective.ofClientMetrics(set(now, type, name)));
            case UNKNOWN ->
                refused(Errors.INVALID_REQUEST, "Expected a type of resource, but it is none that is known");
        };
    }

    private static Found topic(String name, ClusterImage now, EffectiveConfig effective) {
        String fault = TopicNames.fault(name);
        if (fault != null) {
            return refused(Errors.INVALID_TOPIC_EXCEPTION, fault);
        }
        if (now.topic(name) == null) {
            return refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, "");
        }
        return new Found.Entries(effective.ofTopic(set(now, ConfigResource.Type.TOPIC, name)));
    }

    private Found broker(String name, EffectiveConfig effective) {
        if (name.isEmpty()) {
            return new Found.Entries(effective.ofAllBrokers());
        }
        Failure fault = ThisBroker.faultOrAll(brokerId, name);
        return fault == null ? new Found.Entries(effective.ofBroker()) : new Found.Refused(fault);
    }

    private Found loggers(String name) {
        Failure fault = ThisBroker.fault(brokerId, name);
        if (fault != null) {
            return new Found.Refused(fault);
        }
        List<ConfigEntry> entries = new ArrayList<>();
        for (Map.Entry<String, String> logger : loggers.levels().entrySet()) {
            entries.add(new ConfigEntry(
                    logger.getKey(),
                    logger.getValue(),
                    ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG,
                    false,
                    false,
                    null,
                    List.of(),
                    null));
        }
        return new Found.Entries(entries);
    }

    private static Found refused(Errors error, String why) {
        return new Found.Refused(Failure.of(error, why));
    }

    private static Map<String, String> set(ClusterImage now, ConfigResource.Type type, String name) {
        return now.config(new ConfigResourceName(type, name)).values();
    }

    private static List<DescribeConfigsResourceResult> shown(
            List<ConfigEntry> entries, DescribeConfigsResource resource, DescribeConfigsRequestData request) {
        Set<String> asked = asked(resource);
        List<DescribeConfigsResourceResult> shown = new ArrayList<>(asked == null ? entries.size() : asked.size());
        for (ConfigEntry entry : entries) {
            if (asked == null || asked.contains(entry.name())) {
                shown.add(shown(entry, request));
            }
        }
        return shown;
    }

    /** Null for all. */
    private static Set<String> asked(DescribeConfigsResource resource) {
        List<String> keys = resource.configurationKeys();
        if (keys == null || keys.isEmpty()) {
            return null;
        }
        Set<String> asked = new HashSet<>(keys);
        if (resource.resourceType() == ConfigResource.Type.BROKER_LOGGER.id()) {
            keys.forEach(key -> asked.add(LoggerLevels.named(key)));
        }
        return asked;
    }

    private static DescribeConfigsResourceResult shown(ConfigEntry entry, DescribeConfigsRequestData request) {
        DescribeConfigsResourceResult shown = new DescribeConfigsResourceResult()
                .setName(entry.name())
                .setValue(entry.value())
                .setReadOnly(entry.readOnly())
                .setConfigSource(entry.source().wire())
                .setIsSensitive(entry.sensitive())
                .setConfigType(entry.type() == null ? 0 : entry.type().wire());
        if (request.includeDocumentation()) {
            shown.setDocumentation(entry.documentation());
        } else if (entry.type() != null) {
            shown.setDocumentation(null);
        }
        if (request.includeSynonyms()) {
            for (ConfigEntry.Synonym synonym : entry.synonyms()) {
                shown.synonyms()
                        .add(new DescribeConfigsSynonym()
                                .setName(synonym.name())
                                .setValue(synonym.value())
                                .setSource(synonym.source().wire()));
            }
        }
        return shown;
    }

    private static DescribeConfigsResponseData refusing(DescribeConfigsRequestData request, Errors error) {
        DescribeConfigsResponseData answer = new DescribeConfigsResponseData();
        for (DescribeConfigsResource resource : request.resources()) {
            answer.results()
                    .add(new DescribeConfigsResult()
                            .setErrorCode(error.code())
                            .setErrorMessage(error.message())
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName()));
        }
        return answer;
    }
}
