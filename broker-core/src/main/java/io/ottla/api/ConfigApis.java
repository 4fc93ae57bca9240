package io.ottla.api;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigEntry;
import io.ottla.config.EffectiveConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.controller.Controller;
import io.ottla.metadata.ClusterImage;
import io.ottla.peer.ControllerChannel;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** The handlers of configuration. */
public final class ConfigApis {
    private ConfigApis() {}

    /**
     * What these handlers work with.
     *
     * @param brokerId this broker's
     * @param image as this broker last applied it
     * @param config this broker's, with what is set on it while it runs
     * @param random for encryption
     * @param workers for encryption
     */
    public record Ports(
            int brokerId,
            Supplier<ClusterImage> image,
            Supplier<BrokerConfig> config,
            Controller controller,
            Authorizer authorizer,
            LoggerLevels loggers,
            RandomGenerator random,
            Executor workers,
            Clock clock,
            Timer timer) {}

    /** What the controller does with what brokers hand on to it: AlterConfigs, IncrementalAlterConfigs. */
    public static List<ApiHandler<?, ?>> deciding(Ports ports) {
        return List.of(
                new DecidedConfigsHandler<>(
                        AlterConfigsKind.REPLACING, ports.controller, ports.authorizer, ports.timer),
                new DecidedConfigsHandler<>(
                        AlterConfigsKind.INCREMENTAL, ports.controller, ports.authorizer, ports.timer));
    }

    /**
     * What every broker answers: DescribeConfigs, AlterConfigs, IncrementalAlterConfigs, ListConfigResources.
     *
     * @param channel for what only the controller can decide
     */
    public static List<ApiHandler<?, ?>> telling(Ports ports, ControllerChannel channel) {
        AlterConfigsHandler.Ports altering = new AlterConfigsHandler.Ports(
                ports.brokerId,
                ports.image,
                OwnSettings.of(ports.config, ports.random),
                ports.loggers,
                ports.authorizer,
                channel,
                ports.workers);
        return List.of(
                new DescribeConfigsHandler(
                        ports.brokerId,
                        ports.image,
                        ports.config,
                        ports.authorizer,
                        ports.loggers,
                        DescribeConfigsHandler.MAX_ENTRIES),
                new AlterConfigsHandler<>(AlterConfigsKind.REPLACING, altering),
                new AlterConfigsHandler<>(AlterConfigsKind.INCREMENTAL, altering),
                new ListConfigResourcesHandler(ports.image));
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
