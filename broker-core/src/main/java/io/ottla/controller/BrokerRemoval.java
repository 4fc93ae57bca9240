package io.ottla.controller;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.Amount;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/**
 * Forgets a broker that has gone for good: what was set for it alone. Its registration has gone with its session; one that runs,
 * or has replicas, is not forgotten. Source: KIP-500's UnregisterBroker, as far as it can mean something here.
 */
final class BrokerRemoval implements ControllerMachine<Optional<Failure>> {
    private final BrokerId broker;
    private final boolean hasNotes;
    private boolean planned;

    /** @param hasNotes whether there are notes to it that it has yet to read */
    BrokerRemoval(BrokerId broker, boolean hasNotes) {
        this.broker = broker;
        this.hasNotes = hasNotes;
    }

    @Override
    public Optional<Failure> decide(Draft draft) {
        if (draft.registrations().all().containsKey(broker)) {
            return Optional.of(Failure.of(
                    Errors.INVALID_REQUEST,
                    "Expected a broker that has gone, but broker " + broker
                            + " runs, or its session with ZooKeeper has not ended yet. Stop it first"));
        }
        long replicas = replicas(draft);
        if (replicas > 0) {
            return Optional.of(Failure.of(
                    Errors.INVALID_REQUEST,
                    "Expected a broker without replicas, but broker " + broker + " has "
                            + Amount.of(replicas, "replica") + ". Move them to other brokers first"));
        }
        ConfigResourceName own = ConfigResourceName.broker(broker.value());
        boolean isSet = draft.image().configs().containsKey(own);
        if (isSet) {
            planned = true;
            draft.decide(new MetadataChange.ConfigSet(own, ConfigImage.EMPTY));
        }
        return isSet || hasNotes || planned
                ? Optional.empty()
                : Optional.of(Failure.of(Errors.BROKER_ID_NOT_REGISTERED));
    }

    private long replicas(Draft draft) {
        long replicas = 0;
        for (TopicImage topic : draft.image().topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                replicas += partition.replicas().contains(broker) ? 1 : 0;
            }
        }
        return replicas;
    }

    @Override
    public Optional<Failure> refused(Failure failure) {
        return Optional.of(failure);
    }
}
