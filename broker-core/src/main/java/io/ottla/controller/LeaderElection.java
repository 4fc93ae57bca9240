package io.ottla.controller;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses who leads a partition, who counts as in sync, and who is eligible, from who is live. Pure: the same picture
 * always gives the same answer. Source: KIP-497, KIP-704, KIP-966.
 *
 * <p>A leader that lives stays, unless it is leaving and another can take over. Else the first replica, in order of
 * preference, out of the in-sync set; out of the eligible replicas; the last known leader where nobody is left in both
 * sets; and any live replica where the topic allows that. The in-sync set loses its dead and leaving members, but never
 * its last one: what that one has is what was acknowledged. Only a broker whose logs were torn by a crash leaves it all
 * the same, where eligible replicas are kept: then what it has may be less.
 */
final class LeaderElection {
    /** Why the elected one may lead. */
    enum Grounds {
        /** Nothing acknowledged is missing. */
        IN_SYNC,
        /** As above, with a smaller in-sync set than was asked for. */
        ELIGIBLE,
        /** Both sets are empty and it led last: what it has is the most that anybody has. */
        LAST_KNOWN,
        /** Acknowledged records may be lost; the topic allows it. */
        UNCLEAN
    }

    /**
     * Who can do what.
     *
     * @param live brokers that live, but for those whose replica of the partition is offline
     * @param leaving those that want to shut down
     * @param restarted those that have lost what they led: in a new epoch they may lead again
     * @param unproven those of whom it is not known yet whether their logs were torn when they came back
     * @param torn those whose logs may lack what they had, since they were not closed in order
     * @param strict those that don't let the high watermark rise below the least in-sync set
     */
    record Brokers(
            Set<BrokerId> live,
            Set<BrokerId> leaving,
            Set<BrokerId> restarted,
            Set<BrokerId> unproven,
            Set<BrokerId> torn,
            Set<BrokerId> strict) {
        /** These live, and there is nothing more to say of them. */
        static Brokers living(Set<BrokerId> live) {
            return new Brokers(live, Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
        }

        Brokers without(Collection<BrokerId> offline) {
            if (offline.isEmpty()) {
                return this;
            }
            Set<BrokerId> able = new HashSet<>(live);
            able.removeAll(offline);
            return new Brokers(able, leaving, restarted, unproven, torn, strict);
        }

        /** Of these, too, it is not known yet whether their logs were torn. */
        Brokers doubting(Set<BrokerId> more) {
            if (unproven.containsAll(more)) {
                return this;
            }
            Set<BrokerId> all = new HashSet<>(unproven);
            all.addAll(more);
            return new Brokers(live, leaving, restarted, all, torn, strict);
        }

        /** Where no eligible replicas are kept, nobody could make up for what a torn log lacks. */
        private Brokers unquestioned() {
            return new Brokers(live, leaving, restarted, Set.of(), Set.of(), strict);
        }

        private boolean canLead(BrokerId id) {
            return live.contains(id) && !leaving.contains(id);
        }
    }

    /**
     * What holds for a topic.
     *
     * @param unclean whether a replica that lacks acknowledged records may lead when nobody else can
     * @param minInSync {@code min.insync.replicas}
     * @param eligible whether eligible replicas are kept
     */
    record Rule(boolean unclean, int minInSync, boolean eligible) {}

    /** What becomes of a partition. The states in it have the partition epoch of the present one. */
    sealed interface Outcome {
        /** It has a leader of a new epoch. */
        record Elected(PartitionImage state, Grounds grounds) implements Outcome {}

        /** Its leader stays, or it stays without one; who is in sync or eligible changes. */
        record Adjusted(PartitionImage state) implements Outcome {}

        /** It has lost its leader and nobody can take over. */
        record Leaderless(PartitionImage state) implements Outcome {}

        record Unchanged() implements Outcome {}
    }

    private static final Outcome UNCHANGED = new Outcome.Unchanged();

    private final PartitionImage now;
    private final Brokers brokers;
    private final Set<BrokerId> unproven;
    private final Rule rule;
    private final ControllerEpoch controller;

    private LeaderElection(PartitionImage now, Brokers brokers, Rule rule, ControllerEpoch controller) {
        this.now = now;
        this.brokers = rule.eligible() ? brokers : brokers.unquestioned();
        this.unproven = brokers.unproven();
        this.rule = rule;
        this.controller = controller;
    }

    static Outcome decide(PartitionImage now, Brokers brokers, Rule rule, ControllerEpoch controller) {
        LeaderElection election = new LeaderElection(now, brokers.without(now.offline()), rule, controller);
        return now.isUnborn() ? election.first() : election.next();
    }

    /**
     * Who is eligible beside such an in-sync set: whoever left it since it became too small, for the high watermark has
     * not risen since.
     */
    static List<BrokerId> eligible(
            PartitionImage before, BrokerId leader, Collection<BrokerId> inSync, Brokers brokers, Rule rule) {
        boolean kept = rule.eligible()
                && brokers.strict().contains(leader)
                && inSync.size() < Math.min(rule.minInSync(), before.replicas().size());
        if (!kept || before.eligible().isEmpty() && inSync.containsAll(before.inSync())) {
            return List.of();
        }
        List<BrokerId> eligible = new ArrayList<>();
        for (BrokerId replica : before.replicas()) {
            boolean complete =
                    before.inSync().contains(replica) || before.eligible().contains(replica);
            if (complete
                    && !inSync.contains(replica)
                    && !brokers.torn().contains(replica)
                    && !before.offline().contains(replica)) {
                eligible.add(replica);
            }
        }
        return eligible;
    }

    /**
     * The state where the preferred replica leads, which is the first one; null where it can't, or does already.
     */
    static PartitionImage preferred(PartitionImage now, Brokers brokers, ControllerEpoch controller) {
        BrokerId preferred = now.replicas().getFirst();
        boolean can = brokers.without(now.offline()).canLead(preferred)
                && now.inSync().contains(preferred)
                && !brokers.unproven().contains(preferred)
                && !now.leader().isNone()
                && !now.leader().equals(preferred);
        return can
                ? now.led(
                        preferred,
                        now.leaderEpoch().next(),
                        now.inSync(),
                        brokers.strict().contains(preferred) ? now.eligible() : List.of(),
                        BrokerId.NONE,
                        now.recovering(),
                        controller)
                : null;
    }

    /** The first state: all that live are in sync, for there is nothing to have missed. */
    private Outcome first() {
        List<BrokerId> inSync = now.replicas().stream().filter(brokers::canLead).toList();
        if (inSync.isEmpty()) {
            return UNCHANGED;
        }
        return new Outcome.Elected(
                now.led(inSync.getFirst(), new LeaderEpoch(0), inSync, List.of(), BrokerId.NONE, false, controller)
                        .at(new PartitionEpoch(0)),
                Grounds.IN_SYNC);
    }

    private Outcome next() {
        if (isQuiet()) {
            return UNCHANGED;
        }
        List<BrokerId> settled = new ArrayList<>(now.inSync().size());
        for (BrokerId replica : now.inSync()) {
            if (brokers.live().contains(replica)
                    && now.replicas().contains(replica)
                    && !brokers.restarted().contains(replica)
                    && !brokers.unproven().contains(replica)
                    && !brokers.torn().contains(replica)) {
                settled.add(replica);
            }
        }
        List<BrokerId> staying = settled.stream().filter(brokers::canLead).toList();
        if (staying.contains(now.leader())) {
            return kept(staying);
        }
        BrokerId candidate = firstOf(staying);
        if (!candidate.isNone()) {
            return elected(candidate, staying, Grounds.IN_SYNC);
        }
        if (settled.contains(now.leader())) {
            return kept(settled);
        }
        return afterAllLeft();
    }

    /** Whether all are there who are in sync, the leader among them: so it is with most, whatever happens. */
    private boolean isQuiet() {
        if (!now.eligible().isEmpty() || !now.inSync().contains(now.leader())) {
            return false;
        }
        for (BrokerId replica : now.inSync()) {
            if (!brokers.canLead(replica)
                    || !now.replicas().contains(replica)
                    || brokers.restarted().contains(replica)
                    || brokers.unproven().contains(replica)
                    || brokers.torn().contains(replica)) {
                return false;
            }
        }
        return true;
    }

    /** Nobody of the in-sync set has lived through it. */
    private Outcome afterAllLeft() {
        List<BrokerId> inSync = whole(now.inSync());
        List<BrokerId> eligible = whole(now.eligible());
        List<BrokerId> returned =
                inSync.stream().filter(this::canLeadForCertain).toList();
        BrokerId candidate = firstOf(returned);
        if (!candidate.isNone()) {
            return elected(candidate, returned, Grounds.IN_SYNC);
        }
        candidate = firstOf(eligible.stream().filter(this::canLeadForCertain).toList());
        if (!candidate.isNone()) {
            return elected(candidate, List.of(candidate), Grounds.ELIGIBLE);
        }
        BrokerId last = lastLeader();
        boolean known = now.replicas().contains(last);
        boolean alone = known && eligible.isEmpty() && (inSync.isEmpty() || inSync.equals(List.of(last)));
        if (alone && brokers.live().contains(last)) {
            // Torn or not, it is the one.
            if (last.equals(now.leader()) && !brokers.restarted().contains(last)) {
                return kept(List.of(last));
            }
            if (brokers.canLead(last)) {
                return elected(last, List.of(last), inSync.isEmpty() ? Grounds.LAST_KNOWN : Grounds.IN_SYNC);
            }
        }
        if (inSync.stream().anyMatch(brokers::canLead) || eligible.stream().anyMatch(brokers::canLead)) {
            return nobody(inSync, eligible);
        }
        return uncleanOr(inSync, eligible);
    }

    private boolean canLeadForCertain(BrokerId replica) {
        return brokers.canLead(replica) && !brokers.unproven().contains(replica);
    }

    private List<BrokerId> whole(List<BrokerId> members) {
        return members.stream()
                .filter(member ->
                        now.replicas().contains(member) && !brokers.torn().contains(member))
                .toList();
    }

    /** Who led last, or may have; it has the most of those who may lack something. */
    private BrokerId lastLeader() {
        if (now.replicas().size() == 1) {
            return now.replicas().getFirst();
        }
        if (!now.leader().isNone()) {
            return now.leader();
        }
        return now.lastKnownLeader().isNone() ? firstOf(now.inSync()) : now.lastKnownLeader();
    }

    /** Of who has not been heard of since it came, nobody knows that it lives: it is no reason to give records up. */
    private Outcome uncleanOr(List<BrokerId> inSync, List<BrokerId> eligible) {
        BrokerId candidate = firstOf(now.replicas().stream()
                .filter(replica -> brokers.canLead(replica) && !unproven.contains(replica))
                .toList());
        return rule.unclean() && !candidate.isNone()
                ? elected(candidate, List.of(candidate), Grounds.UNCLEAN)
                : nobody(inSync, eligible);
    }

    private Outcome nobody(List<BrokerId> inSync, List<BrokerId> eligible) {
        boolean leads = !now.leader().isNone();
        if (!leads && inSync.equals(now.inSync()) && eligible.equals(now.eligible())) {
            return UNCHANGED;
        }
        PartitionImage state = now.led(
                BrokerId.NONE,
                leads ? now.leaderEpoch().next() : now.leaderEpoch(),
                inSync,
                eligible,
                lastLeader(),
                now.recovering(),
                controller);
        return leads ? new Outcome.Leaderless(state) : new Outcome.Adjusted(state);
    }

    private Outcome kept(List<BrokerId> inSync) {
        List<BrokerId> eligible = eligible(now, now.leader(), inSync, brokers, rule);
        if (inSync.equals(now.inSync()) && sameMembers(eligible, now.eligible())) {
            return UNCHANGED;
        }
        return new Outcome.Adjusted(now.led(
                now.leader(), now.leaderEpoch(), inSync, eligible, BrokerId.NONE, now.recovering(), controller));
    }

    private Outcome elected(BrokerId leader, List<BrokerId> inSync, Grounds grounds) {
        boolean complete = grounds == Grounds.IN_SYNC || grounds == Grounds.ELIGIBLE;
        return new Outcome.Elected(
                now.led(
                        leader,
                        now.leaderEpoch().next(),
                        inSync,
                        complete ? eligible(now, leader, inSync, brokers, rule) : List.of(),
                        BrokerId.NONE,
                        !complete && now.replicas().size() > 1,
                        controller),
                grounds);
    }

    private BrokerId firstOf(List<BrokerId> allowed) {
        for (BrokerId replica : now.replicas()) {
            if (allowed.contains(replica)) {
                return replica;
            }
        }
        return BrokerId.NONE;
    }

    private static boolean sameMembers(List<BrokerId> some, List<BrokerId> others) {
        return some.size() == others.size() && others.containsAll(some);
    }
}
