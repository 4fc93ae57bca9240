package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/** The cluster's truth, decided at once and by the book: clean elections, and in-sync sets as leaders propose them. */
final class TestingController {
    private final TestingNodes nodes;
    private final Map<BrokerId, BrokerEpoch> epochs = new HashMap<>();
    private final Set<BrokerId> live = new HashSet<>();
    private final Map<TopicPartition, PartitionImage> states = new TreeMap<>();
    private ClusterImage image;
    private long registrations;
    int decided;

    TestingController(TestingNodes nodes) {
        this.nodes = nodes;
        image = ClusterImage.EMPTY.with(new MetadataChange.FeaturesSet(
                new FeaturesImage(Map.of("eligible.leader.replicas.version", (short) 1), 1)));
    }

    ClusterImage image() {
        return image;
    }

    BrokerEpoch epochOf(BrokerId broker) {
        return epochs.get(broker);
    }

    PartitionImage state(TopicPartition name) {
        return states.get(name);
    }

    Set<TopicPartition> partitions() {
        return states.keySet();
    }

    boolean isLive(BrokerId broker) {
        return live.contains(broker);
    }

    void create(TopicImage topic) {
        for (int i = 0; i < topic.partitions().size(); i++) {
            states.put(new TopicPartition(topic.name(), i), topic.partition(i));
        }
        publish(new MetadataChange.TopicSet(topic));
    }

    private void publish(MetadataChange change) {
        image = image.with(change);
        nodes.nodes.values().forEach(node -> {
            if (node.life != null) {
                node.life.follow();
            }
        });
    }

    /** A process registers; one of the same broker that was not missed yet counts as dead first. */
    void registers(BrokerId broker) {
        if (live.contains(broker)) {
            fence(broker);
        }
        BrokerEpoch epoch = new BrokerEpoch(++registrations);
        epochs.put(broker, epoch);
        live.add(broker);
        publish(new MetadataChange.BrokerSet(new BrokerImage(broker, epoch, List.of(), null, Map.of())));
        states.forEach((name, state) -> {
            if (state.leader().isNone() && state.inSync().contains(broker)) {
                change(name, broker, state.inSync(), true);
            }
        });
    }

    /** A process has died; it is missed a while later. */
    void died(BrokerId broker) {
        BrokerEpoch epoch = epochs.get(broker);
        nodes.after(nodes.random.nextInt(300) * 1_000_000L, () -> {
            if (live.contains(broker) && epochs.get(broker).equals(epoch)) {
                fence(broker);
            }
        });
    }

    /** It is believed dead, rightly or not. */
    void fence(BrokerId broker) {
        live.remove(broker);
        publish(new MetadataChange.BrokerGone(broker));
        Map.copyOf(states).forEach((name, state) -> {
            if (!state.inSync().contains(broker)) {
                return;
            }
            List<BrokerId> left = new ArrayList<>(state.inSync());
            left.remove(broker);
            if (left.isEmpty()) {
                change(name, BrokerId.NONE, state.inSync(), true);
                return;
            }
            List<BrokerId> candidates = left.stream().filter(live::contains).toList();
            boolean leads = state.leader().equals(broker);
            BrokerId next = leads ? candidates.isEmpty() ? BrokerId.NONE : candidates.getFirst() : state.leader();
            change(name, next, left, leads);
        });
    }

    /** One that was believed dead is heard of again. */
    void unfence(BrokerId broker) {
        if (live.add(broker)) {
            publish(new MetadataChange.BrokerSet(
                    new BrokerImage(broker, epochs.get(broker), List.of(), null, Map.of())));
            Map.copyOf(states).forEach((name, state) -> {
                if (state.leader().isNone() && state.inSync().contains(broker)) {
                    change(name, broker, state.inSync(), true);
                }
            });
        }
    }

    /** Another member leads from now on. */
    void lead(TopicPartition name, BrokerId leader) {
        PartitionImage state = states.get(name);
        if (state.inSync().contains(leader)
                && live.contains(leader)
                && !state.leader().equals(leader)) {
            change(name, leader, state.inSync(), true);
        }
    }

    private void change(TopicPartition name, BrokerId leader, List<BrokerId> inSync, boolean newEpoch) {
        PartitionImage state = states.get(name);
        PartitionImage next = new PartitionImage(
                state.replicas(),
                List.of(),
                List.of(),
                leader,
                newEpoch ? state.leaderEpoch().next() : state.leaderEpoch(),
                new PartitionEpoch(state.partitionEpoch().value() + 1),
                new ControllerEpoch(1),
                List.copyOf(inSync),
                List.of(),
                BrokerId.NONE,
                false);
        states.put(name, next);
        publish(new MetadataChange.PartitionSet(name.topic(), name.partition(), next));
    }

    List<InSyncResult> decide(InSyncProposal proposal) {
        List<InSyncResult> results = new ArrayList<>();
        for (InSyncProposal.Change change : proposal.changes()) {
            Errors error = decide(proposal, change);
            decided += error == Errors.NONE ? 1 : 0;
            PartitionImage now = states.get(change.partition());
            results.add(
                    error == Errors.NONE
                            ? new InSyncResult.Committed(
                                    change.partition(),
                                    now.leader(),
                                    now.leaderEpoch(),
                                    now.inSync(),
                                    false,
                                    now.partitionEpoch())
                            : new InSyncResult.Refused(change.partition(), Failure.of(error)));
        }
        return results;
    }

    private Errors decide(InSyncProposal proposal, InSyncProposal.Change change) {
        PartitionImage now = states.get(change.partition());
        if (!live.contains(proposal.leader()) || !epochs.get(proposal.leader()).equals(proposal.epoch())) {
            return Errors.STALE_BROKER_EPOCH;
        }
        if (!now.leaderEpoch().equals(change.leaderEpoch()) || !now.leader().equals(proposal.leader())) {
            return Errors.FENCED_LEADER_EPOCH;
        }
        List<BrokerId> wanted =
                change.inSync().stream().map(InSyncProposal.Member::id).toList();
        if (Set.copyOf(now.inSync()).equals(Set.copyOf(wanted))) {
            return Errors.NONE;
        }
        if (!now.partitionEpoch().equals(change.partitionEpoch())) {
            return Errors.INVALID_UPDATE_VERSION;
        }
        for (InSyncProposal.Member member : change.inSync()) {
            boolean known = live.contains(member.id())
                    && (member.epoch().equals(BrokerEpoch.NONE)
                            || member.epoch().equals(epochs.get(member.id())));
            if (!known) {
                return Errors.INELIGIBLE_REPLICA;
            }
        }
        if (!wanted.contains(proposal.leader()) || !now.replicas().containsAll(wanted)) {
            return Errors.INVALID_REQUEST;
        }
        change(change.partition(), now.leader(), wanted, false);
        return Errors.NONE;
    }

    LeaderEpoch epoch(TopicPartition name) {
        return states.get(name).leaderEpoch();
    }
}
