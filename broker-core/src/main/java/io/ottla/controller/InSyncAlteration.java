package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * Commits in-sync sets that a leader proposes, each for itself. A proposal names the state that it starts from; one that
 * is in force already is answered as committed, so that asking again does no harm. Source: KIP-497, KIP-704, KIP-903.
 */
final class InSyncAlteration extends BrokerDecision<List<InSyncResult>> {
    private final InSyncProposal proposal;
    private final Elections elections;

    InSyncAlteration(InSyncProposal proposal, Elections elections) {
        super(proposal.leader(), proposal.epoch());
        this.proposal = proposal;
        this.elections = elections;
    }

    @Override
    List<InSyncResult> decide(Registration known, Draft draft) {
        LeaderElection.Brokers brokers = Elections.brokers(draft, Elections.Returned.NOBODY);
        List<InSyncResult> results = new ArrayList<>(proposal.changes().size());
        for (InSyncProposal.Change change : proposal.changes()) {
            Failure failure = alter(draft, change, brokers);
            results.add(
                    failure == null
                            ? committed(change.partition(), present(draft.image(), change))
                            : new InSyncResult.Refused(change.partition(), failure));
        }
        return results;
    }

    /** Something else decided in the same turn may have changed the state again. */
    @Override
    public List<InSyncResult> settled(List<InSyncResult> decided, ClusterImage written) {
        List<InSyncResult> settled = new ArrayList<>(decided.size());
        for (int i = 0; i < decided.size(); i++) {
            InSyncProposal.Change change = proposal.changes().get(i);
            if (decided.get(i) instanceof InSyncResult.Refused refused) {
                settled.add(refused);
                continue;
            }
            PartitionImage state = present(written, change);
            boolean leads = state != null
                    && state.leader().equals(proposal.leader())
                    && state.leaderEpoch().equals(change.leaderEpoch());
            settled.add(
                    leads
                            ? committed(change.partition(), state)
                            : refused(
                                    change,
                                    Errors.NEW_LEADER_ELECTED,
                                    "The in-sync set was taken, and another leader elected"));
        }
        return settled;
    }

    @Override
    public boolean waitsUntilInForce() {
        return false;
    }

    @Override
    public List<InSyncResult> refused(Failure failure) {
        List<InSyncResult> results = new ArrayList<>(proposal.changes().size());
        proposal.changes().forEach(change -> results.add(new InSyncResult.Refused(change.partition(), failure)));
        return results;
    }

    private static InSyncResult refused(InSyncProposal.Change change, Errors error, String why) {
        return new InSyncResult.Refused(change.partition(), Failure.of(error, why));
    }

    private static InSyncResult committed(TopicPartition partition, PartitionImage state) {
        return new InSyncResult.Committed(
                partition,
                state.leader(),
                state.leaderEpoch(),
                state.inSync(),
                state.recovering(),
                state.partitionEpoch());
    }

    /** Null where there is no such partition. */
    private static PartitionImage present(ClusterImage image, InSyncProposal.Change change) {
        TopicImage topic = image.topic(change.topicId());
        return topic == null ? null : topic.partition(change.partition().partition());
    }

    /** Null where it is done, or was done before. */
    private Failure alter(Draft draft, InSyncProposal.Change change, LeaderElection.Brokers brokers) {
        TopicImage topic = draft.image().topic(change.topicId());
        if (topic == null || topic.deleting()) {
            return Failure.of(Errors.UNKNOWN_TOPIC_ID);
        }
        Failure frozen = draft.frozenFault(topic.name());
        if (frozen != null) {
            return frozen;
        }
        int number = change.partition().partition();
        PartitionImage now = topic.partition(number);
        if (now == null || now.isUnborn()) {
            return Failure.of(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Failure stale = leadershipFault(change, now);
        if (stale != null) {
            return stale;
        }
        List<BrokerId> inSync =
                change.inSync().stream().map(InSyncProposal.Member::id).toList();
        Set<BrokerId> members = new HashSet<>(inSync);
        if (isInForce(change, now, members)) {
            return null;
        }
        Failure fault = change.partitionEpoch().compareTo(now.partitionEpoch()) < 0
                ? Failure.of(
                        Errors.INVALID_UPDATE_VERSION,
                        "Expected partition epoch " + now.partitionEpoch() + ", but got " + change.partitionEpoch())
                : memberFault(draft, change, now, members, brokers);
        if (fault != null) {
            return fault;
        }
        LeaderElection.Rule rule = elections.rule(draft, topic.name());
        PartitionImage next = now.led(
                        now.leader(),
                        now.leaderEpoch(),
                        inSync,
                        LeaderElection.eligible(now, now.leader(), inSync, brokers, rule),
                        BrokerId.NONE,
                        change.recovering(),
                        elections.epoch())
                .withOffline(stillOffline(now, members));
        draft.decide(new MetadataChange.PartitionSet(topic.name(), number, next));
        // A leader that is leaving hands on as soon as another has caught up.
        TopicPartition name = new TopicPartition(topic.name(), number);
        held(elections.elect(draft, name, draft.image().partition(name), brokers, rule));
        return null;
    }

    /** A replica that its leader has seen catch up can be used again. Were it lost anew, its broker would tell. */
    private static List<BrokerId> stillOffline(PartitionImage now, Set<BrokerId> members) {
        return now.offline().stream()
                .filter(replica -> !members.contains(replica) || now.inSync().contains(replica))
                .toList();
    }

    private static boolean isInForce(InSyncProposal.Change change, PartitionImage now, Set<BrokerId> members) {
        return members.equals(new HashSet<>(now.inSync()))
                && change.recovering() == now.recovering()
                && change.partitionEpoch().compareTo(now.partitionEpoch()) <= 0;
    }

    /** Null where the proposer leads as it thinks. */
    private Failure leadershipFault(InSyncProposal.Change change, PartitionImage now) {
        if (change.leaderEpoch().compareTo(now.leaderEpoch()) > 0
                || change.partitionEpoch().compareTo(now.partitionEpoch()) > 0) {
            return Failure.of(
                    Errors.NOT_CONTROLLER,
                    "The leader knows of leader epoch " + change.leaderEpoch() + " and partition epoch "
                            + change.partitionEpoch() + ", but this controller only of " + now.leaderEpoch() + " and "
                            + now.partitionEpoch() + ": another one must have been elected");
        }
        if (change.leaderEpoch().compareTo(now.leaderEpoch()) < 0) {
            return Failure.of(
                    Errors.FENCED_LEADER_EPOCH,
                    "Expected leader epoch " + now.leaderEpoch() + ", but got " + change.leaderEpoch());
        }
        return now.leader().equals(proposal.leader())
                ? null
                : Failure.of(
                        Errors.INVALID_REQUEST,
                        "Expected the leader to ask, which is broker " + now.leader() + ", but broker "
                                + proposal.leader() + " did");
    }

    /** Null where all that are named may be in sync. */
    private Failure memberFault(
            Draft draft,
            InSyncProposal.Change change,
            PartitionImage now,
            Set<BrokerId> members,
            LeaderElection.Brokers brokers) {
        if (members.size() < change.inSync().size()
                || !now.replicas().containsAll(members)
                || !members.contains(now.leader())) {
            return Failure.of(
                    Errors.INVALID_REQUEST,
                    "Expected replicas out of " + now.replicas() + ", each once, with the leader " + now.leader()
                            + ", but got " + change.inSync());
        }
        if (change.recovering() && !now.recovering()) {
            return Failure.of(Errors.INVALID_REQUEST, "A leader that has recovered can't have to recover again");
        }
        if (change.recovering() && members.size() > 1) {
            return Failure.of(
                    Errors.INVALID_REQUEST,
                    "While the leader has yet to recover, it alone is in sync, but got " + members);
        }
        for (InSyncProposal.Member member : change.inSync()) {
            String why = whyNot(draft, member, now, brokers);
            if (why != null) {
                return Failure.of(Errors.INELIGIBLE_REPLICA, "Broker " + member.id() + " can't be in sync: it " + why);
            }
        }
        return null;
    }

    /** Null where it can be in sync. */
    private static String whyNot(
            Draft draft, InSyncProposal.Member member, PartitionImage now, LeaderElection.Brokers brokers) {
        Registration known = draft.registrations().all().get(member.id());
        if (known == null) {
            return "is not registered";
        }
        BrokerEpoch epoch = known.broker().epoch();
        // Who was restarted is in sync no longer; who is may have registered anew, and not fetched since what a leader
        // sees.
        boolean joins = !now.inSync().contains(member.id());
        if (joins && !member.epoch().equals(BrokerEpoch.NONE) && !member.epoch().equals(epoch)) {
            return "has broker epoch " + epoch + " instead of " + member.epoch();
        }
        if (known.fenced()) {
            return "is fenced";
        }
        return brokers.leaving().contains(member.id()) && !member.id().equals(now.leader()) ? "shuts down" : null;
    }
}
