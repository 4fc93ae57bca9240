package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Sees to it that every partition has a leader that lives, as far as one can lead. Pure but for the draft. */
final class Elections {
    /** @param unclean how many leaders were elected that may lack acknowledged records */
    record Tally(int elected, int unclean) {
        static final Tally NONE = new Tally(0, 0);

        Tally plus(Tally other) {
            return new Tally(elected + other.elected, unclean + other.unclean);
        }
    }

    private static final String UNCLEAN = "unclean.leader.election.enable";

    private final boolean uncleanByDefault;
    private final ControllerEpoch epoch;

    Elections(boolean uncleanByDefault, ControllerEpoch epoch) {
        this.uncleanByDefault = uncleanByDefault;
        this.epoch = epoch;
    }

    /** @param restarted live brokers that have lost what they led */
    Tally everywhere(Draft draft, Set<BrokerId> restarted) {
        return among(draft, draft.image().topics().keySet(), restarted);
    }

    Tally among(Draft draft, Collection<String> topics, Set<BrokerId> restarted) {
        Set<BrokerId> live = draft.image().brokers().keySet();
        Tally tally = Tally.NONE;
        for (String name : topics) {
            TopicImage topic = draft.image().topic(name);
            if (topic == null || topic.deleting()) {
                continue;
            }
            boolean unclean = allowsUnclean(draft.image(), name);
            int number = 0;
            for (PartitionImage partition : topic.partitions()) {
                tally = tally.plus(elect(draft, name, number++, partition, live, restarted, unclean));
            }
        }
        return tally;
    }

    private Tally elect(
            Draft draft,
            String topic,
            int number,
            PartitionImage partition,
            Set<BrokerId> live,
            Set<BrokerId> restarted,
            boolean unclean) {
        Set<BrokerId> able = able(partition, live);
        return switch (LeaderElection.decide(partition, able, restarted, unclean, epoch)) {
            case LeaderElection.Outcome.Elected(PartitionImage state, LeaderElection.Grounds grounds) -> {
                draft.decide(new MetadataChange.PartitionSet(topic, number, state));
                boolean risky = grounds == LeaderElection.Grounds.UNCLEAN
                        || grounds == LeaderElection.Grounds.LAST_KNOWN
                                && partition.replicas().size() > 1;
                yield new Tally(1, risky ? 1 : 0);
            }
            case LeaderElection.Outcome.Shrunk(PartitionImage state) -> {
                draft.decide(new MetadataChange.PartitionSet(topic, number, state));
                yield Tally.NONE;
            }
            case LeaderElection.Outcome.Leaderless(PartitionImage state) -> {
                draft.decide(new MetadataChange.PartitionSet(topic, number, state));
                yield Tally.NONE;
            }
            case LeaderElection.Outcome.Unchanged() -> Tally.NONE;
        };
    }

    /** Those of the live brokers that have the partition's log, as far as they hold it. */
    private static Set<BrokerId> able(PartitionImage partition, Set<BrokerId> live) {
        if (partition.offline().isEmpty()) {
            return live;
        }
        Set<BrokerId> able = new HashSet<>(live);
        partition.offline().forEach(able::remove);
        return able;
    }

    private boolean allowsUnclean(ClusterImage image, String topic) {
        ConfigImage config = image.configs().get(ConfigResourceName.topic(topic));
        String value = config == null ? null : config.values().get(UNCLEAN);
        if (value == null) {
            ConfigImage brokers = image.configs().get(ConfigResourceName.brokerDefault());
            value = brokers == null ? null : brokers.values().get(UNCLEAN);
        }
        return value == null ? uncleanByDefault : value.trim().equalsIgnoreCase("true");
    }
}
