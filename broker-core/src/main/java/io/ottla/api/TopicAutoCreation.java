package io.ottla.api;

import io.ottla.config.TopicDefaults;
import io.ottla.peer.ControllerChannel;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.types.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has topics made that somebody asked for and that do not exist ({@code auto.create.topics.enable}), as whoever asked. A
 * topic is asked for once at a time, however many clients want it. Thread-safe.
 */
final class TopicAutoCreation {
    private static final Logger log = LoggerFactory.getLogger(TopicAutoCreation.class);
    private static final int TIMEOUT_MS = 30_000;
    /** Topics that are on their way at most; clients ask again for the others. */
    private static final int MOST = 10_000;

    private final TopicDefaults defaults;
    private final Authorizer authorizer;
    private final ControllerChannel controller;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    TopicAutoCreation(TopicDefaults defaults, Authorizer authorizer, ControllerChannel controller, Clock clock) {
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
                request.topics()
                        .add(new CreatableTopic()
                                .setName(topic)
                                .setNumPartitions(-1)
                                .setReplicationFactor((short) -1));
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
                        log.warn("Topics {} could not be created on demand: {}", asked, error.toString());
                    }
                });
    }
}
