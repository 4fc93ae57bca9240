package io.ottla.api;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Says what has configuration or could have: topics, brokers and their loggers, groups with configuration of their own
 * (KIP-1142). There are no subscriptions to clients' metrics, which version 0 is about (KIP-714).
 */
final class ListConfigResourcesHandler
        implements ApiHandler<ListConfigResourcesRequestData, ListConfigResourcesResponseData> {
    private static final Set<ConfigResource.Type> KNOWN = EnumSet.of(
            ConfigResource.Type.TOPIC,
            ConfigResource.Type.BROKER,
            ConfigResource.Type.BROKER_LOGGER,
            ConfigResource.Type.CLIENT_METRICS,
            ConfigResource.Type.GROUP);

    private final ApiSpec<ListConfigResourcesRequestData, ListConfigResourcesResponseData> spec = ApiSpec.of(
                    ApiKeys.LIST_CONFIG_RESOURCES,
                    (ListConfigResourcesRequestData request, Errors error) -> refusing(error),
                    (ListConfigResourcesResponseData answer, Integer throttleMs) ->
                            answer.setThrottleTimeMs(throttleMs))
            .demanding(AclOperation.DESCRIBE_CONFIGS);
    private final Supplier<ClusterImage> image;

    ListConfigResourcesHandler(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public ApiSpec<ListConfigResourcesRequestData, ListConfigResourcesResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<ListConfigResourcesResponseData> handle(
            RequestContext context, ListConfigResourcesRequestData request) {
        Set<ConfigResource.Type> asked = EnumSet.noneOf(ConfigResource.Type.class);
        request.resourceTypes().forEach(type -> asked.add(ConfigResource.Type.forId(type)));
        if (!KNOWN.containsAll(asked)) {
            return Reply.of(refusing(Errors.UNSUPPORTED_VERSION));
        }
        if (context.apiVersion() == 0) {
            asked.add(ConfigResource.Type.CLIENT_METRICS);
        }
        ListConfigResourcesResponseData answer = new ListConfigResourcesResponseData();
        for (ConfigResource.Type type : asked.isEmpty() ? KNOWN : asked) {
            for (String name : names(type, image.get())) {
                answer.configResources()
                        .add(new ListConfigResourcesResponseData.ConfigResource()
                                .setResourceType(type.id())
                                .setResourceName(name));
            }
        }
        return Reply.of(answer);
    }

    private static Collection<String> names(ConfigResource.Type type, ClusterImage now) {
        return switch (type) {
            case TOPIC -> now.topics().keySet();
            case BROKER, BROKER_LOGGER ->
                now.brokers().keySet().stream().map(BrokerId::toString).toList();
            case GROUP -> groups(now);
            case CLIENT_METRICS, UNKNOWN -> Set.of();
        };
    }

    private static Set<String> groups(ClusterImage now) {
        Set<String> groups = new TreeSet<>();
        for (ConfigResourceName resource : now.configs().keySet()) {
            if (resource.type() == ConfigResource.Type.GROUP) {
                groups.add(resource.name());
            }
        }
        return groups;
    }

    private static ListConfigResourcesResponseData refusing(Errors error) {
        return new ListConfigResourcesResponseData().setErrorCode(error.code());
    }
}
