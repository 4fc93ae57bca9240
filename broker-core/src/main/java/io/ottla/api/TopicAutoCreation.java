package io.ottla.api;

import io.ottla.config.InternalTopicProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.metadata.ClusterImage;
import io.ottla.peer.ControllerChannel;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.types.Caller;
import io.ottla.types.Principal;
import io.ottla.types.Shown;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has topics made that somebody asked for and that do not exist ({@code auto.create.topics.enable}), as whoever asked. A
 * topic is asked for once at a time, however many clients want it. Thread-safe.
 */
public final class TopicAutoCreation {
    private static final Logger log = LoggerFactory.getLogger(TopicAutoCreation.class);
    private static final int TIMEOUT_MS = 30_000;
    /** Topics that are on their way at most; clients ask again for the others. */
    private static final int MOST = 10_000;

    private final TopicDefaults defaults;
    private final Authorizer authorizer;
    private final ControllerChannel controller;
    private final Clock clock;
    private final List<InternalTopicProperties> internal;
    private final Supplier<ClusterImage> image;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /** @param internal coordinators' topics, which are made their own way whoever asks for them */
    TopicAutoCreation(
            TopicDefaults defaults,
            List<InternalTopicProperties> internal,
            Supplier<ClusterImage> image,
            Authorizer authorizer,
            ControllerChannel controller,
            Clock clock) {
        this.internal = List.copyOf(internal);
        this.image = image;
        this.defaults = defaults;
        this.authorizer = authorizer;
        this.controller = controller;
        this.clock = clock;
    }

    boolean enabled() {
        return defaults.autoCreateTopicsEnable();
    }

    boolean allowed(Caller caller, String topic) {
        return authorizer.allows(caller, AclOperation.CREATE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)
                || authorizer.allows(caller, AclOperation.CREATE, ResourceType.TOPIC, topic);
    }

    /** Asks and does not wait. */
    void ask(Caller caller, List<String> topics) {
        List<String> asked = new ArrayList<>(topics.size());
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        for (String topic : topics) {
            if (underWay.size() < MOST && underWay.add(topic)) {
                asked.add(topic);
                request.topics().add(creatable(topic));
            }
        }
        if (asked.isEmpty()) {
            return;
        }
        controller
                .forward(
                        caller,
                        request,
                        ApiKeys.CREATE_TOPICS.latestVersion(),
                        clock.monotonicNs() + TIMEOUT_MS * 1_000_000L)
                .whenComplete((answer, error) -> {
                    asked.forEach(underWay::remove);
                    if (error != null) {
                        log.warn("Topics {} could not be created on demand: {}", Shown.of(asked), error.toString());
                    } else if (answer instanceof CreateTopicsResponseData created) {
                        created.topics().forEach(TopicAutoCreation::told);
                    }
                });
    }

    private static void told(CreatableTopicResult topic) {
        Errors error = Errors.forCode(topic.errorCode());
        if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
            log.warn(
                    "Topic {} could not be created on demand: {}",
                    Shown.of(topic.name()),
                    Shown.sentence(topic.errorMessage()));
        }
    }

    /** Has a coordinator's topic made that somebody needs, as this broker. Does not wait. */
    void askInternal(String topic) {
        if (internal.stream().anyMatch(each -> each.name().equals(topic))) {
            ask(new Caller(Principal.BROKER, InetAddress.getLoopbackAddress(), ""), List.of(topic));
        }
    }

    private CreatableTopic creatable(String topic) {
        for (InternalTopicProperties each : internal) {
            if (each.name().equals(topic)) {
                return creatable(each);
            }
        }
        return new CreatableTopic().setName(topic).setNumPartitions(-1).setReplicationFactor((short) -1);
    }

    private CreatableTopic creatable(InternalTopicProperties topic) {
        int brokers = Math.max(1, image.get().brokers().size());
        short replicas = (short) Math.min(topic.replicationFactor(), brokers);
        if (replicas < topic.replicationFactor() && warned.add(topic.name())) {
            log.warn(
                    "{} is made with replication factor {} instead of {}, since there are no more brokers; raise it by"
                            + " kafka-reassign-partitions when there are",
                    topic.name(),
                    replicas,
                    topic.replicationFactor());
        }
        CreatableTopic creatable = new CreatableTopic()
                .setName(topic.name())
                .setNumPartitions(topic.partitions())
                .setReplicationFactor(replicas);
        creatable.configs().add(config(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        creatable.configs().add(config(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(topic.segmentBytes())));
        topic.configs()
                .forEach((name, value) -> creatable.configs().add(config(name, possible(name, value, replicas))));
        return creatable;
    }

    /** With more in sync than there are replicas nothing could be written. */
    private static String possible(String name, String value, short replicas) {
        return name.equals(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
                ? Integer.toString(Math.min(Integer.parseInt(value), replicas))
                : value;
    }

    private static CreatableTopicConfig config(String name, String value) {
        return new CreatableTopicConfig().setName(name).setValue(value);
    }
}
