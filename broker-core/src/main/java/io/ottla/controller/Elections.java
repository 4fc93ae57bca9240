package io.ottla.controller;

import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** Sees to it that every partition has a leader that lives, as far as one can lead. Pure but for the draft. */
final class Elections {
    /**
     * What was decided.
     *
     * @param elected how many leaders
     * @param risky those of them that may lack acknowledged records
     */
    record Tally(int elected, PVector<Risk> risky) {
        static final Tally NONE = new Tally(0);

        Tally(int elected) {
            this(elected, TreePVector.empty());
        }

        Tally plus(Tally other) {
            return new Tally(elected + other.elected, risky.plusAll(other.risky));
        }
    }

    /** A leader that may lack acknowledged records. */
    record Risk(TopicPartition partition, BrokerId leader, LeaderElection.Grounds grounds) {}

    /**
     * Live brokers that have come back.
     *
     * @param restarted those that have lost what they led
     * @param torn those whose logs were not closed in order
     */
    record Returned(Set<BrokerId> restarted, Set<BrokerId> torn) {
        static final Returned NOBODY = new Returned(Set.of(), Set.of());

        static Returned restarted(Set<BrokerId> brokers) {
            return new Returned(brokers, Set.of());
        }
    }

    private final ElectionRules rules;
    private final ControllerEpoch epoch;

    Elections(ElectionRules rules, ControllerEpoch epoch) {
        this.rules = rules;
        this.epoch = epoch;
    }

    ControllerEpoch epoch() {
        return epoch;
    }

    /**
     * Decides about all partitions; where the roll is called only once all have been heard, and then with what all of them
     * have said.
     */
    Tally everywhere(Draft draft, Returned returned) {
        if (!draft.registrations().calling()) {
            return among(draft, draft.image().topics().keySet(), returned);
        }
        return draft.registrations().areHeard() ? endCall(draft) : Tally.NONE;
    }

    /** Calls the roll no longer, whoever has yet to be heard: these lead nothing before they are. */
    Tally endCall(Draft draft) {
        Set<BrokerId> torn = draft.registrations().torn();
        draft.observe(draft.registrations().called());
        return everywhere(draft, new Returned(torn, torn));
    }

    Tally among(Draft draft, Collection<String> topics, Returned returned) {
        LeaderElection.Brokers brokers = brokers(draft, returned);
        Tally tally = Tally.NONE;
        for (String name : topics) {
            TopicImage topic = draft.image().topic(name);
            if (topic == null || topic.deleting() || draft.isFrozen(name)) {
                continue;
            }
            LeaderElection.Rule rule = rules.of(name, draft.image());
            int number = 0;
            for (PartitionImage partition : topic.partitions()) {
                tally = tally.plus(elect(draft, new TopicPartition(name, number++), partition, brokers, rule));
            }
        }
        return tally;
    }

    LeaderElection.Rule rule(Draft draft, String topic) {
        return rules.of(topic, draft.image());
    }

    static LeaderElection.Brokers brokers(Draft draft, Returned returned) {
        Registrations registrations = draft.registrations();
        return new LeaderElection.Brokers(
                draft.image().brokers().keySet(),
                registrations.leaving(),
                returned.restarted(),
                registrations.unproven(),
                returned.torn(),
                registrations.supporting(ElectionRules.ELIGIBLE_REPLICAS, (short) 1));
    }

    /**
     * Who has not been heard in this term may be of those that the last controller did not trust yet: where it left a
     * partition without a leader, and among replicas that are merely eligible.
     */
    private static LeaderElection.Brokers doubting(Draft draft, PartitionImage now, LeaderElection.Brokers brokers) {
        if (!now.leader().isNone() && now.eligible().isEmpty()) {
            return brokers;
        }
        Set<BrokerId> doubtful = draft.registrations().unheard();
        if (!now.leader().isNone()) {
            doubtful.retainAll(now.eligible());
        }
        return brokers.doubting(doubtful);
    }

    /**
     * Decides about one partition, as it is now, and ends its move where that can be: also where only the decision has
     * brought those in sync who are added, as with a partition that is written by hand and was never led.
     */
    Tally elect(
            Draft draft,
            TopicPartition name,
            PartitionImage partition,
            LeaderElection.Brokers brokers,
            LeaderElection.Rule rule) {
        Tally tally = decide(draft, name, partition, brokers, rule);
        PartitionImage decided = draft.image().partition(name);
        return Reassignment.finish(decided, rule.minInSync()).equals(decided)
                ? tally
                : tally.plus(decide(draft, name, decided, brokers, rule));
    }

    /** Has the preferred replica lead; false where it can't, or does already. */
    boolean electPreferred(Draft draft, TopicPartition name, LeaderElection.Brokers brokers) {
        PartitionImage next = LeaderElection.preferred(draft.image().partition(name), brokers, epoch);
        if (next != null) {
            draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), next));
        }
        return next != null;
    }

    /** Null where a partition can be moved there, or a move of it be turned there. */
    Failure moveFault(Draft draft, TopicPartition name, List<BrokerId> target, LeaderElection.Brokers brokers) {
        PartitionImage now = draft.image().partition(name);
        Failure fault = Reassignment.fault(now, target, draft.registrations());
        return fault != null
                ? fault
                : Reassignment.loss(now, target, rule(draft, name.topic()).unclean(), brokers.live());
    }

    /** Begins a move, or turns one elsewhere, and ends it at once where that can be. */
    Tally move(Draft draft, TopicPartition name, List<BrokerId> target, LeaderElection.Brokers brokers) {
        PartitionImage begun = Reassignment.begin(draft.image().partition(name), target);
        draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), begun));
        return elect(draft, name, draft.image().partition(name), brokers, rule(draft, name.topic()));
    }

    private Tally decide(
            Draft draft,
            TopicPartition name,
            PartitionImage partition,
            LeaderElection.Brokers brokers,
            LeaderElection.Rule rule) {
        PartitionImage moved = Reassignment.finish(partition, rule.minInSync());
        if (!moved.equals(partition)) {
            draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), moved));
        }
        if (draft.registrations().calling() && !moved.isUnborn()) {
            return Tally.NONE;
        }
        return switch (LeaderElection.decide(moved, doubting(draft, moved, brokers), rule, epoch)) {
            case LeaderElection.Outcome.Elected(PartitionImage state, LeaderElection.Grounds grounds) -> {
                draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), state));
                boolean risky = grounds == LeaderElection.Grounds.UNCLEAN
                        || grounds == LeaderElection.Grounds.LAST_KNOWN
                                && (moved.replicas().size() > 1
                                        || !moved.replicas().containsAll(moved.inSync()));
                yield risky
                        ? new Tally(1, TreePVector.singleton(new Risk(name, state.leader(), grounds)))
                        : new Tally(1);
            }
            case LeaderElection.Outcome.Adjusted(PartitionImage state) -> {
                draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), state));
                yield Tally.NONE;
            }
            case LeaderElection.Outcome.Leaderless(PartitionImage state) -> {
                draft.decide(new MetadataChange.PartitionSet(name.topic(), name.partition(), state));
                yield Tally.NONE;
            }
            case LeaderElection.Outcome.Unchanged() -> Tally.NONE;
        };
    }
}
