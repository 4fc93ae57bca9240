package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Every combination of three replicas, held to rules that are stated without regard to how the choice is made. */
class LeaderElectionTest {
    private static final ControllerEpoch CONTROLLER = new ControllerEpoch(9);
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final List<BrokerId> REPLICAS = List.of(ONE, TWO, THREE);

    /** What can be said of a broker. */
    private enum Status {
        DEAD,
        OFFLINE,
        LIVE,
        LEAVING,
        UNPROVEN,
        RESTARTED,
        TORN,
        RESTARTED_AND_TORN;

        boolean restarted() {
            return this == RESTARTED || this == RESTARTED_AND_TORN;
        }

        boolean torn() {
            return this == TORN || this == RESTARTED_AND_TORN;
        }

        boolean unproven() {
            return this == UNPROVEN || this == RESTARTED;
        }
    }

    private enum Membership {
        IN_SYNC,
        ELIGIBLE,
        NEITHER
    }

    private enum Feature {
        OFF,
        STRICT_LEADERS,
        LEADERS_OF_OLD
    }

    /** One situation and what is made of it. */
    private record Case(
            PartitionImage now,
            LeaderElection.Brokers brokers,
            LeaderElection.Rule rule,
            LeaderElection.Outcome outcome,
            PartitionImage next) {
        static Case of(PartitionImage now, LeaderElection.Brokers brokers, LeaderElection.Rule rule) {
            LeaderElection.Outcome outcome = LeaderElection.decide(now, brokers, rule, CONTROLLER);
            PartitionImage next = switch (outcome) {
                case LeaderElection.Outcome.Elected elected -> elected.state();
                case LeaderElection.Outcome.Adjusted adjusted -> adjusted.state();
                case LeaderElection.Outcome.Leaderless leaderless -> leaderless.state();
                case LeaderElection.Outcome.Unchanged unchanged -> now;
            };
            return new Case(now, brokers, rule, outcome, next);
        }

        boolean keeps() {
            return rule.eligible();
        }

        boolean able(BrokerId id) {
            return brokers.live().contains(id)
                    && !brokers.leaving().contains(id)
                    && !now.offline().contains(id);
        }

        /** Has what it had, and has not been away. */
        boolean steady(BrokerId id) {
            return brokers.live().contains(id)
                    && !now.offline().contains(id)
                    && !brokers.restarted().contains(id)
                    && !(keeps() && brokers.unproven().contains(id))
                    && !lost(id);
        }

        /** What it had is not counted on any more. */
        boolean lost(BrokerId id) {
            return keeps() && brokers.torn().contains(id);
        }

        boolean certain(BrokerId id) {
            return able(id) && !lost(id) && !(keeps() && brokers.unproven().contains(id));
        }

        boolean had(BrokerId id) {
            return now.inSync().contains(id) || now.eligible().contains(id);
        }

        LeaderElection.Grounds grounds() {
            return outcome instanceof LeaderElection.Outcome.Elected elected ? elected.grounds() : null;
        }

        void require(String rule, boolean holds) {
            if (!holds) {
                throw new AssertionError("Expected: " + rule + "; but " + now + " with " + brokers + " by " + this.rule
                        + " became " + outcome);
            }
        }

        boolean none(Predicate<BrokerId> what) {
            return REPLICAS.stream().noneMatch(what);
        }

        boolean any(Predicate<BrokerId> what) {
            return REPLICAS.stream().anyMatch(what);
        }
    }

    @Test
    void shouldKeepItsPromisesForEveryCombinationOfThreeReplicas() {
        int cases = 0;
        for (Status a : Status.values()) {
            for (Status b : Status.values()) {
                for (Status c : Status.values()) {
                    Status[] statuses = {a, b, c};
                    for (Membership x : Membership.values()) {
                        for (Membership y : Membership.values()) {
                            for (Membership z : Membership.values()) {
                                cases += checkStates(statuses, new Membership[] {x, y, z});
                            }
                        }
                    }
                }
            }
        }
        assertThat(cases).isEqualTo(8 * 8 * 8 * 27 * 4 * 4 * 2 * 2 * 3);
    }

    private static int checkStates(Status[] statuses, Membership[] memberships) {
        int cases = 0;
        for (int leader = 0; leader <= 3; leader++) {
            for (int last = 0; last <= 3; last++) {
                PartitionImage now = new PartitionImage(
                        REPLICAS,
                        List.of(),
                        List.of(),
                        oneOrNone(leader),
                        new LeaderEpoch(5),
                        new PartitionEpoch(7),
                        new ControllerEpoch(8),
                        those(i -> memberships[i] == Membership.IN_SYNC),
                        those(i -> memberships[i] == Membership.ELIGIBLE),
                        oneOrNone(last),
                        false,
                        those(i -> statuses[i] == Status.OFFLINE));
                for (Feature feature : Feature.values()) {
                    LeaderElection.Brokers brokers = brokers(statuses, feature);
                    for (int minInSync = 1; minInSync <= 2; minInSync++) {
                        for (boolean unclean : new boolean[] {false, true}) {
                            check(Case.of(
                                    now, brokers, new LeaderElection.Rule(unclean, minInSync, feature != Feature.OFF)));
                            cases++;
                        }
                    }
                }
            }
        }
        return cases;
    }

    private static LeaderElection.Brokers brokers(Status[] statuses, Feature feature) {
        return new LeaderElection.Brokers(
                // A broker whose folder has failed lives.
                set(i -> statuses[i] != Status.DEAD),
                set(i -> statuses[i] == Status.LEAVING),
                set(i -> statuses[i].restarted()),
                set(i -> statuses[i].unproven()),
                set(i -> statuses[i].torn()),
                feature == Feature.STRICT_LEADERS ? Set.copyOf(REPLICAS) : Set.of());
    }

    private static List<BrokerId> those(Predicate<Integer> wanted) {
        List<BrokerId> those = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if (wanted.test(i)) {
                those.add(REPLICAS.get(i));
            }
        }
        return those;
    }

    private static Set<BrokerId> set(Predicate<Integer> wanted) {
        return new HashSet<>(those(wanted));
    }

    private static BrokerId oneOrNone(int number) {
        return number == 0 ? BrokerId.NONE : new BrokerId(number);
    }

    private static void check(Case it) {
        checkLeader(it);
        checkGrounds(it);
        checkSets(it);
        checkAvailability(it);
        checkThatItIsSettled(it);
    }

    private static void checkLeader(Case it) {
        PartitionImage next = it.next;
        boolean moved = !next.leader().equals(it.now.leader())
                || it.brokers.restarted().contains(next.leader())
                        && it.outcome instanceof LeaderElection.Outcome.Elected;
        it.require(
                "a leader is live, and has the replica",
                next.leader().isNone()
                        || it.brokers.live().contains(next.leader())
                                && !it.now.offline().contains(next.leader()));
        it.require(
                "nobody is elected who is leaving",
                !next.leader().isNone() && !moved || next.leader().isNone() || it.able(next.leader()));
        it.require(
                "a leader who leaves stays only where no other member of the in-sync set could do it",
                next.leader().isNone()
                        || it.able(next.leader())
                        || it.none(id -> next.inSync().contains(id) && it.able(id)));
        it.require(
                "a leader is in sync", next.leader().isNone() || next.inSync().contains(next.leader()));
        it.require(
                "the epoch rises with each leader, and with nothing else",
                it.outcome instanceof LeaderElection.Outcome.Elected
                                || it.outcome instanceof LeaderElection.Outcome.Leaderless
                        ? next.leaderEpoch().value() == 6
                        : next.leaderEpoch().value() == 5 && next.leader().equals(it.now.leader()));
        it.require(
                "who was away leads in a new epoch only",
                !it.brokers.restarted().contains(next.leader())
                        || next.leaderEpoch().value() == 6);
        it.require(
                "a leader that was not away and has lost nothing stays",
                !it.steady(it.now.leader())
                        || !it.able(it.now.leader())
                        || !it.now.inSync().contains(it.now.leader())
                        || next.leader().equals(it.now.leader())
                                && next.leaderEpoch().value() == 5);
        it.require(
                "the last leader is remembered while nobody leads, and no longer",
                it.outcome instanceof LeaderElection.Outcome.Unchanged
                        || (next.leader().isNone()
                                ? it.now.leader().isNone()
                                        || next.lastKnownLeader().equals(it.now.leader())
                                : next.lastKnownLeader().isNone()));
    }

    private static void checkGrounds(Case it) {
        LeaderElection.Grounds grounds = it.grounds();
        if (grounds == null) {
            return;
        }
        BrokerId leader = it.next.leader();
        boolean somebodyHasAll = it.any(id -> it.certain(id) && it.had(id));
        switch (grounds) {
            case IN_SYNC -> {
                boolean leftBehind = !it.keeps() && it.now.inSync().isEmpty();
                it.require("it was in sync", leftBehind || it.now.inSync().contains(leader));
                it.require("it has lost nothing", !it.lost(leader));
                it.require("it need not recover", !it.next.recovering());
                it.require(
                        "nobody waits who may turn out to have more",
                        it.certain(leader) || it.none(id -> it.had(id) && !it.lost(id) && !id.equals(leader)));
            }
            case ELIGIBLE -> {
                it.require("it was eligible", it.now.eligible().contains(leader));
                it.require("it is known to have lost nothing", it.certain(leader));
                it.require("it need not recover", !it.next.recovering());
                it.require(
                        "nobody in sync could lead",
                        it.none(id -> it.now.inSync().contains(id) && it.certain(id)));
                it.require("it is alone", it.next.inSync().equals(List.of(leader)));
            }
            case LAST_KNOWN -> {
                it.require("nobody is left in both sets", it.none(id -> it.had(id) && !it.lost(id)));
                it.require(
                        "it led last, as far as that is known",
                        leader.equals(
                                it.now.leader().isNone()
                                                && !it.now.lastKnownLeader().isNone()
                                        ? it.now.lastKnownLeader()
                                        : it.now.leader().isNone() ? leader : it.now.leader()));
                it.require("it is alone", it.next.inSync().equals(List.of(leader)));
            }
            case UNCLEAN -> {
                it.require("the topic allows it", it.rule.unclean());
                it.require("it is known to live", !it.brokers.unproven().contains(leader));
                it.require("nobody has all", !somebodyHasAll);
                it.require(
                        "nobody who is live may turn out to have all",
                        it.none(id -> it.able(id) && it.had(id) && !it.lost(id)));
                it.require("it has to recover", it.next.recovering());
                it.require("it is alone", it.next.inSync().equals(List.of(leader)));
            }
        }
    }

    private static void checkSets(Case it) {
        PartitionImage next = it.next;
        boolean complete =
                it.grounds() != LeaderElection.Grounds.LAST_KNOWN && it.grounds() != LeaderElection.Grounds.UNCLEAN;
        boolean lastOfAll = it.none(id -> it.had(id) && !it.lost(id));
        it.require(
                "nobody is in both sets",
                it.none(id -> next.inSync().contains(id) && next.eligible().contains(id))
                        || it.none(id -> !it.now.inSync().contains(id)
                                && !it.now.eligible().contains(id)
                                && it.had(id)));
        if (!complete) {
            return;
        }
        for (BrokerId id : REPLICAS) {
            it.require(
                    "nobody comes into a set who was in none",
                    it.had(id)
                            || !next.inSync().contains(id) && !next.eligible().contains(id)
                            || lastOfAll && next.leader().equals(id)
                            || !it.keeps()
                                    && it.now.inSync().isEmpty()
                                    && it.now.eligible().isEmpty());
            it.require(
                    "who has lost something is in no set, unless it led last and nobody else is left",
                    !it.lost(id)
                            || !next.inSync().contains(id) && !next.eligible().contains(id)
                            || lastOfAll && next.leader().equals(id));
            boolean small = next.inSync().size() < Math.min(it.rule.minInSync(), 3);
            boolean remembered = it.keeps()
                    && it.had(id)
                    && !it.lost(id)
                    && !it.now.offline().contains(id)
                    && (next.leader().isNone() || small && it.brokers.strict().contains(next.leader()));
            it.require(
                    "nobody who has all is forgotten while the in-sync set is too small",
                    !remembered || next.inSync().contains(id) || next.eligible().contains(id));
            it.require(
                    "nobody is eligible beside a leader whose high watermark may rise",
                    next.leader().isNone()
                            || !next.eligible().contains(id)
                            || it.keeps() && small && it.brokers.strict().contains(next.leader()));
            it.require(
                    "the dead and the leaving are not in sync beside a leader that stays",
                    next.leader().isNone()
                            || !it.able(next.leader())
                            || !next.inSync().contains(id)
                            || it.able(id));
        }
        it.require(
                "somebody is always in sync, unless all have lost something, where eligible replicas are kept",
                !next.inSync().isEmpty() || it.keeps() || it.now.inSync().isEmpty());
    }

    private static void checkAvailability(Case it) {
        it.require(
                "there is a leader while one lives that is known to have all",
                !it.next.leader().isNone() || it.none(id -> it.had(id) && it.certain(id)));
        it.require(
                "there is a leader where unclean ones may be and nobody is waited for",
                !it.next.leader().isNone()
                        || !it.rule.unclean()
                        || it.none(id -> it.able(id) && !it.brokers.unproven().contains(id))
                        || it.any(id -> it.able(id) && it.had(id) && !it.lost(id)));
        BrokerId last = it.now.leader().isNone() ? it.now.lastKnownLeader() : it.now.leader();
        it.require(
                "the last leader leads where nobody is left in both sets",
                !it.next.leader().isNone()
                        || !it.keeps()
                        || !it.able(last)
                        || it.any(id -> it.had(id) && !it.lost(id)));
    }

    /** Deciding again, when what came back has been taken in, changes nothing. */
    private static void checkThatItIsSettled(Case it) {
        LeaderElection.Brokers later = new LeaderElection.Brokers(
                it.brokers.live(),
                it.brokers.leaving(),
                Set.of(),
                it.brokers.unproven(),
                Set.of(),
                it.brokers.strict());
        LeaderElection.Outcome again = LeaderElection.decide(it.next, later, it.rule, CONTROLLER);
        it.require("it is settled, but then came " + again, again instanceof LeaderElection.Outcome.Unchanged);
    }

    private static PartitionImage state(List<BrokerId> replicas, BrokerId leader, List<BrokerId> inSync) {
        return new PartitionImage(
                replicas,
                List.of(),
                List.of(),
                leader,
                new LeaderEpoch(0),
                new PartitionEpoch(0),
                CONTROLLER,
                inSync,
                List.of(),
                BrokerId.NONE,
                false);
    }

    @Test
    void shouldPreferTheFirstReplicaThatIsInSync() {
        PartitionImage now = state(List.of(THREE, ONE, TWO), TWO, List.of(TWO, ONE));
        assertThat(LeaderElection.decide(
                        now,
                        LeaderElection.Brokers.living(Set.of(ONE, THREE)),
                        new LeaderElection.Rule(true, 1, false),
                        CONTROLLER))
                .isInstanceOfSatisfying(
                        LeaderElection.Outcome.Elected.class,
                        elected -> assertThat(elected.state().leader()).isEqualTo(ONE));
    }

    @Test
    void shouldBeginWithAllThatLive() {
        PartitionImage unborn = PartitionImage.unborn(REPLICAS, List.of(), List.of());
        LeaderElection.Rule rule = new LeaderElection.Rule(true, 1, true);
        assertThat(LeaderElection.decide(unborn, LeaderElection.Brokers.living(Set.of(THREE, TWO)), rule, CONTROLLER))
                .isInstanceOfSatisfying(LeaderElection.Outcome.Elected.class, elected -> {
                    assertThat(elected.state().inSync()).containsExactly(TWO, THREE);
                    assertThat(elected.state().leaderEpoch()).isEqualTo(new LeaderEpoch(0));
                    assertThat(elected.state().partitionEpoch()).isEqualTo(new PartitionEpoch(0));
                });
        assertThat(LeaderElection.decide(unborn, LeaderElection.Brokers.living(Set.of()), rule, CONTROLLER))
                .isInstanceOf(LeaderElection.Outcome.Unchanged.class);
    }

    @Test
    void shouldHaveTheOnlyReplicaLeadAgainHoweverItCameBack() {
        PartitionImage now = state(List.of(ONE), ONE, List.of(ONE));
        LeaderElection.Brokers torn =
                new LeaderElection.Brokers(Set.of(ONE), Set.of(), Set.of(ONE), Set.of(), Set.of(ONE), Set.of(ONE));
        assertThat(LeaderElection.decide(now, torn, new LeaderElection.Rule(false, 1, true), CONTROLLER))
                .isInstanceOfSatisfying(LeaderElection.Outcome.Elected.class, elected -> {
                    assertThat(elected.state().leader()).isEqualTo(ONE);
                    assertThat(elected.state().leaderEpoch()).isEqualTo(new LeaderEpoch(1));
                    assertThat(elected.state().inSync()).containsExactly(ONE);
                    assertThat(elected.state().recovering()).isFalse();
                });
    }
}
