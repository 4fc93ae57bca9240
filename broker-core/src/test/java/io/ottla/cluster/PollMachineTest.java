package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.cluster.PollMachine.Effect;
import io.ottla.peer.PeerClient.Presence;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PollMachineTest {
    private static final List<Presence> PRESENCES = List.of(Presence.values());
    private static final BrokerId SELF = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final long MS = 1_000_000;
    private static final long LEASE = 3_000 * MS;
    private static final long TICK = 250 * MS;

    private long now = 5_000 * MS;
    private final PollMachine machine = new PollMachine(SELF, LEASE, now);

    @Example
    void shouldPollAgainAsSoonAsItIsAnswered() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        for (int i = 0; i < 5; i++) {
            assertThat(machine.answered(turn, false, now)).containsExactly(new Effect.Poll(turn, TWO));
        }
    }

    @Example
    void shouldHoldThePollBackUntilWhatCameIsApplied() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        assertThat(machine.answered(turn, true, now)).containsExactly(new Effect.Wake(turn, PollMachine.HOLD_MS));
        assertThat(machine.news(now)).containsExactly(new Effect.Poll(turn, TWO));
        assertThat(machine.woken(turn, now)).isEmpty();
    }

    @Example
    void shouldPollBeforeAllIsAppliedWhereThatTakesLongAndAgainThen() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        machine.answered(turn, true, now);
        assertThat(machine.woken(turn, now)).containsExactly(new Effect.Poll(turn, TWO));

        // when   it is applied while that poll waits: one more overtakes it, and no third
        assertThat(machine.news(now)).containsExactly(new Effect.Poll(turn, TWO));
        assertThat(machine.news(now)).isEmpty();

        // then   the first to be answered is followed by none
        assertThat(machine.answered(turn, false, now)).isEmpty();
        assertThat(machine.answered(turn, false, now)).containsExactly(new Effect.Poll(turn, TWO));
    }

    @Example
    void shouldHaveAControllerRemovedWhoseProcessIsGone() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        long next = probeOf(machine.broken(turn));
        assertThat(machine.probed(next, Presence.REFUSED, now))
                .containsExactly(new Effect.Suspect(TWO), new Effect.Remove(TWO), new Effect.Wake(next, 20));

        // when   it is still gone then: it was asked for
        long after = probeOf(machine.broken(pollOf(machine.woken(next, now), TWO)));
        assertThat(machine.probed(after, Presence.REFUSED, now)).containsExactly(new Effect.Wake(after, 40));

        // and    after a lease it is asked for again
        now += LEASE;
        long last = probeOf(machine.broken(pollOf(machine.woken(after, now), TWO)));
        assertThat(machine.probed(last, Presence.REFUSED, now))
                .containsExactly(new Effect.Remove(TWO), new Effect.Wake(last, 80));
    }

    @Example
    void shouldTryOnceMoreAtOnceWhereOnlyTheConnectionBroke() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        long next = probeOf(machine.broken(turn));
        assertThat(machine.probed(next, Presence.LISTENING, now)).containsExactly(new Effect.Poll(next, TWO));
        long third = probeOf(machine.broken(next));
        assertThat(machine.probed(third, Presence.LISTENING, now)).containsExactly(new Effect.Wake(third, 40));
    }

    @Example
    void shouldHaveASilentControllerRemovedAfterALease() {
        pollOf(machine.controllerIs(TWO, now), TWO);
        assertThat(pass(LEASE - TICK)).isEmpty();
        assertThat(pass(TICK)).containsExactly(new Effect.Suspect(TWO), new Effect.Remove(TWO));
        assertThat(pass(LEASE - TICK)).isEmpty();
    }

    @Example
    void shouldSayOnceThatTheControllerSeemsToBeDeadAndOnceThatOneAnswers() {
        // given  a controller that nobody hears for ten leases, while ZooKeeper is away
        pollOf(machine.controllerIs(TWO, now), TWO);
        List<Effect> effects = pass(10 * LEASE);
        assertThat(effects).filteredOn(Effect.Remove.class::isInstance).hasSizeGreaterThan(5);
        assertThat(effects).filteredOn(Effect.Suspect.class::isInstance).containsExactly(new Effect.Suspect(TWO));

        // when   it is the controller still
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);

        // then   its answer is told of, once
        assertThat(machine.answered(turn, false, now))
                .containsExactly(new Effect.Heard(TWO), new Effect.Poll(turn, TWO));
        assertThat(machine.answered(turn, false, now)).containsExactly(new Effect.Poll(turn, TWO));

        // and    the next spell begins anew
        assertThat(pass(2 * LEASE)).contains(new Effect.Suspect(TWO));

        // when   it is another controller's turn, and that one is silent too
        pollOf(machine.controllerIs(THREE, now), THREE);
        assertThat(pass(LEASE)).containsExactly(new Effect.Suspect(THREE), new Effect.Remove(THREE));
    }

    @Example
    void shouldGiveUpAPollThatNeverEnds() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        List<Effect> effects = pass(2 * LEASE);
        assertThat(effects).hasSize(3).startsWith(new Effect.Suspect(TWO), new Effect.Remove(TWO));
        assertThat(effects.getLast()).isEqualTo(new Effect.Probe(turn + 1, TWO));
    }

    @Example
    void shouldHaveAControllerRemovedThatCanNotBeReachedForALease() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        List<Effect> effects = new ArrayList<>();
        for (long passed = 0; passed < LEASE; passed += TICK) {
            long next = probeOf(machine.broken(turn));
            machine.probed(next, Presence.SILENT, now);
            effects.addAll(pass(TICK));
            turn = pollOf(machine.woken(next, now), TWO);
        }
        assertThat(effects).containsExactly(new Effect.Suspect(TWO), new Effect.Remove(TWO));
    }

    @Example
    void shouldNotJudgeAfterItStalledItself() {
        pollOf(machine.controllerIs(TWO, now), TWO);
        now += 3 * LEASE;
        assertThat(machine.tick(now)).isEmpty();
        assertThat(pass(LEASE - TICK)).isEmpty();
        assertThat(pass(TICK)).containsExactly(new Effect.Suspect(TWO), new Effect.Remove(TWO));
    }

    @Example
    void shouldPauseWhereSomebodyElseIsTheControllerAndGoToHimAtOnce() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        Effect.Wake wake = (Effect.Wake) machine.refused(turn, now).getFirst();
        assertThat(wake.delayMs()).isEqualTo(20);
        long next = pollOf(machine.controllerIs(THREE, now), THREE);

        // then   what the first still brings is void
        assertThat(machine.woken(wake.turn(), now)).isEmpty();
        assertThat(machine.answered(turn, false, now)).isEmpty();
        assertThat(machine.broken(turn)).isEmpty();
        assertThat(machine.answered(next, false, now)).containsExactly(new Effect.Poll(next, THREE));
    }

    @Example
    void shouldPauseLongerWithEachRefusalUpToHalfASecond() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Effect.Wake wake = (Effect.Wake) machine.refused(turn, now).getFirst();
            pauses.add(wake.delayMs());
            turn = pollOf(machine.woken(wake.turn(), now), TWO);
        }
        assertThat(pauses).containsExactly(20L, 40L, 80L, 160L, 320L, 500L, 500L, 500L);
    }

    @Example
    void shouldStayWithTheLastControllerWhereNobodyIsKnown() {
        long turn = pollOf(machine.controllerIs(TWO, now), TWO);
        assertThat(machine.controllerIs(BrokerId.NONE, now)).isEmpty();
        assertThat(machine.answered(turn, false, now)).containsExactly(new Effect.Poll(turn, TWO));
    }

    @Example
    void shouldPollItselfAndNeverSuspectItself() {
        long turn = pollOf(machine.controllerIs(SELF, now), SELF);
        assertThat(pass(3 * LEASE)).isEmpty();
        assertThat(machine.broken(turn)).singleElement().isInstanceOf(Effect.Wake.class);
    }

    /** Whatever comes: there is always something that leads on, and never more than two polls. */
    @Property(tries = 1_000)
    void shouldNeverFallAsleep(@ForAll long seed) {
        Random random = new Random(seed);
        // One instance serves all tries.
        PollMachine machine = new PollMachine(SELF, LEASE, now);
        List<Long> open = new ArrayList<>();
        List<Long> knocks = new ArrayList<>();
        List<Long> wakes = new ArrayList<>();
        long[] turn = {0};
        take(machine.controllerIs(TWO, now), open, knocks, wakes, turn);
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(100) * MS;
            switch (random.nextInt(8)) {
                case 0 -> take(machine.controllerIs(broker(random), now), open, knocks, wakes, turn);
                case 1 -> take(machine.news(now), open, knocks, wakes, turn);
                case 2 -> take(machine.tick(now), open, knocks, wakes, turn);
                case 3 -> {
                    if (!knocks.isEmpty()) {
                        Presence found = PRESENCES.get(random.nextInt(3));
                        take(machine.probed(knocks.removeFirst(), found, now), open, knocks, wakes, turn);
                    }
                }
                case 4 -> {
                    if (!wakes.isEmpty()) {
                        take(machine.woken(wakes.removeFirst(), now), open, knocks, wakes, turn);
                    }
                }
                default -> {
                    if (!open.isEmpty()) {
                        long which = open.removeFirst();
                        take(
                                switch (random.nextInt(4)) {
                                    case 0 -> machine.refused(which, now);
                                    case 1 -> machine.broken(which);
                                    default -> machine.answered(which, random.nextBoolean(), now);
                                },
                                open,
                                knocks,
                                wakes,
                                turn);
                    }
                }
            }
            long latest = turn[0];
            assertThat(open.stream().filter(which -> which == latest).count()).isLessThanOrEqualTo(2);
            assertThat(open.contains(latest) || knocks.contains(latest) || wakes.contains(latest))
                    .as("something under way in turn %s after %s events", latest, i)
                    .isTrue();
        }
    }

    private static void take(List<Effect> effects, List<Long> open, List<Long> knocks, List<Long> wakes, long[] turn) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Poll(long of, BrokerId controller) -> open.add(see(of, turn));
                case Effect.Probe(long of, BrokerId controller) -> knocks.add(see(of, turn));
                case Effect.Wake(long of, long delayMs) -> wakes.add(see(of, turn));
                case Effect.Suspect suspect -> {}
                case Effect.Heard heard -> {}
                case Effect.Remove remove -> {}
            }
        }
    }

    private static long see(long of, long[] turn) {
        turn[0] = Math.max(turn[0], of);
        return of;
    }

    private static BrokerId broker(Random random) {
        return List.of(BrokerId.NONE, SELF, TWO, THREE).get(random.nextInt(4));
    }

    private static long pollOf(List<Effect> effects, BrokerId controller) {
        assertThat(effects).singleElement().isInstanceOf(Effect.Poll.class);
        Effect.Poll poll = (Effect.Poll) effects.getFirst();
        assertThat(poll.controller()).isEqualTo(controller);
        return poll.turn();
    }

    private static long probeOf(List<Effect> effects) {
        assertThat(effects).singleElement().isInstanceOf(Effect.Probe.class);
        return ((Effect.Probe) effects.getFirst()).turn();
    }

    private List<Effect> pass(long time) {
        List<Effect> all = new ArrayList<>();
        for (long passed = 0; passed < time; passed += TICK) {
            now += TICK;
            all.addAll(machine.tick(now));
        }
        return all;
    }
}
