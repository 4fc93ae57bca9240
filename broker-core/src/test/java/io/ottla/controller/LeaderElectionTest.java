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
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
    private static final ControllerEpoch CONTROLLER = new ControllerEpoch(9);
    private static final List<BrokerId> REPLICAS = List.of(new BrokerId(1), new BrokerId(2), new BrokerId(3));

    private static List<BrokerId> subset(int bits) {
        List<BrokerId> subset = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if ((bits >> i & 1) != 0) {
                subset.add(REPLICAS.get(i));
            }
        }
        return subset;
    }

    private static BrokerId oneOrNone(int number) {
        return number == 0 ? BrokerId.NONE : new BrokerId(number);
    }

    @Test
    void shouldKeepItsPromisesForEveryCombinationOfThreeReplicas() {
        int cases = 0;
        for (int leader = 0; leader <= 3; leader++) {
            for (int inSync = 0; inSync < 8; inSync++) {
                for (int eligible = 0; eligible < 8; eligible++) {
                    for (int last = 0; last <= 3; last++) {
                        for (int live = 0; live < 8; live++) {
                            for (int restarted = 0; restarted < 8; restarted++) {
                                boolean possible = (inSync & eligible) == 0 && (restarted & live) == restarted;
                                if (possible) {
                                    check(leader, inSync, eligible, last, live, restarted, false);
                                    check(leader, inSync, eligible, last, live, restarted, true);
                                    cases += 2;
                                }
                            }
                        }
                    }
                }
            }
        }
        assertThat(cases).isEqualTo(4 * 27 * 4 * 27 * 2);
    }

    private static void check(
            int leader, int inSync, int eligible, int last, int live, int restarted, boolean unclean) {
        PartitionImage now = new PartitionImage(
                REPLICAS,
                List.of(),
                List.of(),
                oneOrNone(leader),
                new LeaderEpoch(5),
                new PartitionEpoch(7),
                new ControllerEpoch(8),
                subset(inSync),
                subset(eligible),
                oneOrNone(last),
                false);
        Set<BrokerId> living = new HashSet<>(subset(live));
        Set<BrokerId> again = new HashSet<>(subset(restarted));
        LeaderElection.Outcome outcome = LeaderElection.decide(now, living, again, unclean, CONTROLLER);
        String what = now + " live " + living + " restarted " + again + " unclean " + unclean + ": " + outcome;
        boolean leads = living.contains(now.leader())
                && !again.contains(now.leader())
                && now.inSync().contains(now.leader());
        switch (outcome) {
            case LeaderElection.Outcome.Elected(PartitionImage next, LeaderElection.Grounds grounds) -> {
                assertThat(leads).as(what).isFalse();
                assertThat(living).as(what).contains(next.leader());
                assertThat(next.inSync()).as(what).contains(next.leader());
                assertThat(living).as(what).containsAll(next.inSync());
                assertThat(next.leaderEpoch()).as(what).isEqualTo(new LeaderEpoch(6));
                assertThat(next.lastKnownLeader()).as(what).isEqualTo(BrokerId.NONE);
                assertThat(next.eligible()).as(what).doesNotContainAnyElementsOf(next.inSync());
                checkGrounds(now, next, grounds, living, unclean, what);
            }
            case LeaderElection.Outcome.Shrunk(PartitionImage next) -> {
                assertThat(leads).as(what).isTrue();
                assertThat(next.leader()).as(what).isEqualTo(now.leader());
                assertThat(next.leaderEpoch()).as(what).isEqualTo(now.leaderEpoch());
                assertThat(next.inSync()).as(what).contains(now.leader()).isNotEqualTo(now.inSync());
                assertThat(now.inSync()).as(what).containsAll(next.inSync());
            }
            case LeaderElection.Outcome.Leaderless(PartitionImage next) -> {
                checkNobodyCould(now, living, unclean, what);
                assertThat(next.leader()).as(what).isEqualTo(BrokerId.NONE);
                assertThat(next.inSync()).as(what).isEqualTo(now.inSync());
                assertThat(next.leaderEpoch()).as(what).isEqualTo(new LeaderEpoch(6));
                assertThat(next.lastKnownLeader().isNone())
                        .as(what)
                        .isEqualTo(!now.inSync().isEmpty() || !now.eligible().isEmpty());
            }
            case LeaderElection.Outcome.Unchanged() -> {
                if (!leads) {
                    assertThat(now.leader()).as(what).isEqualTo(BrokerId.NONE);
                    checkNobodyCould(now, living, unclean, what);
                } else {
                    assertThat(now.inSync()).as(what).allMatch(id -> living.contains(id) && !again.contains(id));
                }
            }
        }
    }

    private static void checkGrounds(
            PartitionImage now,
            PartitionImage next,
            LeaderElection.Grounds grounds,
            Set<BrokerId> living,
            boolean unclean,
            String what) {
        boolean inSyncLives = now.inSync().stream().anyMatch(living::contains);
        boolean eligibleLives = now.eligible().stream().anyMatch(living::contains);
        switch (grounds) {
            case IN_SYNC -> {
                assertThat(now.inSync()).as(what).contains(next.leader()).containsAll(next.inSync());
                assertThat(next.recovering()).as(what).isFalse();
            }
            case ELIGIBLE -> {
                assertThat(inSyncLives).as(what).isFalse();
                assertThat(now.eligible()).as(what).contains(next.leader());
                assertThat(next.inSync()).as(what).containsExactly(next.leader());
            }
            case LAST_KNOWN -> {
                assertThat(now.inSync()).as(what).isEmpty();
                assertThat(now.eligible()).as(what).isEmpty();
                assertThat(next.leader()).as(what).isEqualTo(now.lastKnownLeader());
            }
            case UNCLEAN -> {
                assertThat(unclean && !inSyncLives && !eligibleLives).as(what).isTrue();
                assertThat(next.recovering()).as(what).isTrue();
            }
        }
    }

    private static void checkNobodyCould(PartitionImage now, Set<BrokerId> living, boolean unclean, String what) {
        assertThat(now.inSync()).as(what).noneMatch(living::contains);
        assertThat(now.eligible()).as(what).noneMatch(living::contains);
        assertThat(unclean && !living.isEmpty()).as(what).isFalse();
        if (now.inSync().isEmpty() && now.eligible().isEmpty()) {
            assertThat(living).as(what).doesNotContain(now.lastKnownLeader());
        }
    }

    @Test
    void shouldPreferTheFirstReplicaThatIsInSync() {
        PartitionImage now = new PartitionImage(
                List.of(new BrokerId(3), new BrokerId(1), new BrokerId(2)),
                List.of(),
                List.of(),
                new BrokerId(2),
                new LeaderEpoch(0),
                new PartitionEpoch(0),
                CONTROLLER,
                List.of(new BrokerId(2), new BrokerId(1)),
                List.of(),
                BrokerId.NONE,
                false);
        assertThat(LeaderElection.decide(now, Set.of(new BrokerId(1), new BrokerId(3)), Set.of(), true, CONTROLLER))
                .isInstanceOfSatisfying(
                        LeaderElection.Outcome.Elected.class,
                        elected -> assertThat(elected.state().leader()).isEqualTo(new BrokerId(1)));
    }

    @Test
    void shouldBeginWithAllThatLive() {
        PartitionImage unborn = PartitionImage.unborn(REPLICAS, List.of(), List.of());
        assertThat(LeaderElection.decide(unborn, Set.of(new BrokerId(3), new BrokerId(2)), Set.of(), false, CONTROLLER))
                .isInstanceOfSatisfying(LeaderElection.Outcome.Elected.class, elected -> {
                    assertThat(elected.state().inSync()).containsExactly(new BrokerId(2), new BrokerId(3));
                    assertThat(elected.state().leaderEpoch()).isEqualTo(new LeaderEpoch(0));
                    assertThat(elected.state().partitionEpoch()).isEqualTo(new PartitionEpoch(0));
                });
        assertThat(LeaderElection.decide(unborn, Set.of(), Set.of(), true, CONTROLLER))
                .isInstanceOf(LeaderElection.Outcome.Unchanged.class);
    }
}
