package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.controller.Policies;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's classes for Kafka's policy interfaces (KIP-108, KIP-133): {@code create.topic.policy.class.name} and
 * {@code alter.config.policy.class.name}, from the class path. A policy that breaks refuses: what it is there to keep
 * out must not come in by its bug.
 */
final class OperatorPolicies implements Policies, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorPolicies.class);

    private static final String CREATION = "create.topic.policy.class.name";
    private static final String ALTERATION = "alter.config.policy.class.name";

    private final CreateTopicPolicy creations;
    private final AlterConfigPolicy alterations;
    private final boolean onlyAsked;

    private OperatorPolicies(CreateTopicPolicy creations, AlterConfigPolicy alterations, boolean onlyAsked) {
        this.creations = creations;
        this.alterations = alterations;
        this.onlyAsked = onlyAsked;
    }

    /** @throws BrokerStartException where a class is not there, is none of its kind, or can't be made */
    static OperatorPolicies of(BrokerConfig config) throws BrokerStartException {
        return new OperatorPolicies(
                make(config, CREATION, CreateTopicPolicy.class),
                make(config, ALTERATION, AlterConfigPolicy.class),
                config.bool("alter.config.policy.kraft.compatibility.enable"));
    }

    /** Null where none is named. */
    private static <P extends Configurable> P make(BrokerConfig config, String setting, Class<P> kind)
            throws BrokerStartException {
        String name = config.textOrNull(setting);
        if (name == null || name.isEmpty()) {
            return null;
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            P policy = kind.cast(Class.forName(name, true, loader == null ? kind.getClassLoader() : loader)
                    .getDeclaredConstructor()
                    .newInstance());
            policy.configure(config.originals());
            return policy;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            throw new BrokerStartException(
                    setting + " = " + name + ": Expected a class on the class path that implements " + kind.getName()
                            + " and can be made without arguments, but: " + e,
                    e);
        }
    }

    @Override
    public Failure creation(
            String topic,
            Integer partitions,
            Short replicationFactor,
            List<List<BrokerId>> replicas,
            Map<String, String> configs) {
        if (creations == null) {
            return null;
        }
        Map<Integer, List<Integer>> assignments = null;
        if (replicas != null) {
            assignments = new TreeMap<>();
            for (List<BrokerId> each : replicas) {
                List<Integer> brokers = new ArrayList<>();
                each.forEach(broker -> brokers.add(broker.value()));
                assignments.put(assignments.size(), brokers);
            }
        }
        CreateTopicPolicy.RequestMetadata request = new CreateTopicPolicy.RequestMetadata(
                topic, partitions, replicationFactor, assignments, new HashMap<>(configs));
        return ask(CREATION, () -> creations.validate(request));
    }

    @Override
    public Failure alteration(ConfigResourceName resource, Map<String, String> asked, Map<String, String> whole) {
        if (alterations == null) {
            return null;
        }
        AlterConfigPolicy.RequestMetadata request = new AlterConfigPolicy.RequestMetadata(
                new ConfigResource(resource.type(), resource.name()), new HashMap<>(onlyAsked ? asked : whole));
        return ask(ALTERATION, () -> alterations.validate(request));
    }

    private static Failure ask(String setting, Runnable policy) {
        try {
            policy.run();
            return null;
        } catch (ApiException refused) {
            return Failure.of(Errors.forException(refused), refused.getMessage());
        } catch (RuntimeException broken) {
            LOG.error("The class of {} broke, and what it was asked about is refused", setting, broken);
            return Failure.of(Errors.UNKNOWN_SERVER_ERROR, "The class of " + setting + " broke: " + broken);
        }
    }

    @Override
    public void close() {
        for (AutoCloseable policy : new AutoCloseable[] {creations, alterations}) {
            if (policy != null) {
                try {
                    policy.close();
                } catch (Exception e) {
                    LOG.warn("A policy did not close in order: {}", e.toString());
                }
            }
        }
    }
}
