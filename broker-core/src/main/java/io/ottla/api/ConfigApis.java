package io.ottla.api;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigEntry;
import io.ottla.config.EffectiveConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.metadata.ClusterImage;
import io.ottla.security.Authorizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** The handlers of configuration. */
public final class ConfigApis {
    private ConfigApis() {}

    /**
     * What every broker answers: DescribeConfigs.
     *
     * @param brokerId this broker's
     * @param image as this broker last applied it
     * @param config this broker's, with what is set on it while it runs
     */
    public static List<ApiHandler<?, ?>> telling(
            int brokerId,
            Supplier<ClusterImage> image,
            Supplier<BrokerConfig> config,
            Authorizer authorizer,
            LoggerLevels loggers) {
        return List.of(new DescribeConfigsHandler(
                brokerId, image, config, authorizer, loggers, DescribeConfigsHandler.MAX_ENTRIES));
    }

    /** What a new topic has, over this broker's defaults. */
    public static TopicConfigDescription topics(Supplier<BrokerConfig> config) {
        return set -> describe(new EffectiveConfig(config.get()).ofTopic(set));
    }

    private static List<CreatableTopicConfigs> describe(List<ConfigEntry> entries) {
        List<CreatableTopicConfigs> described = new ArrayList<>(entries.size());
        for (ConfigEntry entry : entries) {
            described.add(new CreatableTopicConfigs()
                    .setName(entry.name())
                    .setValue(entry.value())
                    .setReadOnly(entry.readOnly())
                    .setConfigSource(entry.source().wire())
                    .setIsSensitive(entry.sensitive()));
        }
        return described;
    }
}
