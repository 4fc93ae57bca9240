package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.cluster.LeaseMachine.Effect;
import io.ottla.metadata.BrokerImage;
import io.ottla.peer.PeerClient.Presence;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LeaseMachineTest {
    private static final List<Presence> PRESENCES = List.of(Presence.values());
    private static final BrokerId SELF = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final BrokerEpoch EPOCH = new BrokerEpoch(10);
    private static final long LEASE = 3_000;
    private static final long TICK = 250;

    private long now = 1_000;
    private final LeaseMachine machine = new LeaseMachine(SELF, LEASE, now);
    private final List<Effect> effects = new ArrayList<>();

    @Example
    void shouldKnockAtEveryDoorWhenATermBegins() {
        // given, when   three are registered, of which one was known before
        effects.addAll(machine.expect(List.of(broker(SELF), broker(TWO)), BrokerId.NONE, now));
        effects.addAll(machine.registered(List.of(broker(SELF), broker(TWO), broker(THREE)), now));

        // then
        assertThat(effects)
                .containsExactly(
                        new Effect.Probe(TWO, EPOCH, LeaseMachine.NO_POLL, 0),
                        new Effect.Probe(THREE, EPOCH, LeaseMachine.NO_POLL, 0));
    }

    @Example
    void shouldFenceWhoDiedWithTheLastControllerAndSayItAgainOnceTheStoreIsRead() {
        // given
        Effect.Probe probe = (Effect.Probe)
                machine.expect(List.of(broker(TWO)), BrokerId.NONE, now).getFirst();

        // when   nobody is there, and the first image still has it
        assertThat(machine.probed(probe, Presence.REFUSED)).containsExactly(new Effect.Fence(TWO, EPOCH, true));
        List<Effect> said = machine.registered(List.of(broker(SELF), broker(TWO)), now);

        // then
        assertThat(said).containsExactly(new Effect.Fence(TWO, EPOCH, true));
        assertThat(machine.isFenced(TWO)).isTrue();
    }

    @Example
    void shouldWaitForTheLastControllerNoWholeLease() {
        // given
        machine.expect(List.of(broker(TWO), broker(THREE)), TWO, now);
        machine.registered(List.of(broker(SELF), broker(TWO), broker(THREE)), now);

        // when, then
        assertThat(pass(LEASE / 3 - TICK)).isEmpty();
        assertThat(pass(2 * TICK)).containsExactly(new Effect.Fence(TWO, EPOCH, false));
        assertThat(pass(LEASE - LEASE / 3 - 3 * TICK)).isEmpty();
        assertThat(pass(3 * TICK)).containsExactly(new Effect.Fence(THREE, EPOCH, false));
    }

    @Example
    void shouldForgetWhoWasKnownAndIsNotRegistered() {
        machine.expect(List.of(broker(TWO)), BrokerId.NONE, now);
        machine.registered(List.of(broker(SELF)), now);
        assertThat(pass(2 * LEASE)).isEmpty();
    }

    @Example
    void shouldFenceAtOnceWhereTheConnectionBreaksAndNobodyListens() {
        long poll = polledAndRegistered(TWO);
        List<Effect> suspected = machine.gone(TWO, poll);
        assertThat(suspected).containsExactly(new Effect.Probe(TWO, EPOCH, poll, 0));
        assertThat(machine.probed((Effect.Probe) suspected.getFirst(), Presence.REFUSED))
                .containsExactly(new Effect.Fence(TWO, EPOCH, true));
    }

    @Example
    void shouldLeaveToTheLeaseWhatAKnockDoesNotSettle() {
        for (Presence found : List.of(Presence.LISTENING, Presence.SILENT)) {
            long poll = polledAndRegistered(TWO);
            Effect.Probe probe = new Effect.Probe(TWO, EPOCH, poll, 0);
            for (int attempt = 1; attempt < LeaseMachine.MOST_KNOCKS; attempt++) {
                probe = (Effect.Probe) machine.probed(probe, found).getFirst();
                assertThat(probe.delayMs()).isEqualTo(50L << attempt - 1);
                assertThat(machine.isSuspect(probe)).isTrue();
            }
            assertThat(machine.probed(probe, found)).isEmpty();
        }
        assertThat(pass(LEASE - TICK)).isEmpty();
        assertThat(pass(TICK)).containsExactly(new Effect.Fence(TWO, EPOCH, false));
        assertThat(pass(LEASE)).isEmpty();
    }

    @Example
    void shouldFenceADyingProcessWhoseListenerIsTheLastToClose() {
        long poll = polledAndRegistered(TWO);
        Effect.Probe first = (Effect.Probe) machine.gone(TWO, poll).getFirst();
        Effect.Probe second =
                (Effect.Probe) machine.probed(first, Presence.LISTENING).getFirst();
        assertThat(machine.probed(second, Presence.REFUSED)).containsExactly(new Effect.Fence(TWO, EPOCH, true));
    }

    @Example
    void shouldNotFenceWhoHasPolledSinceTheKnock() {
        long poll = polledAndRegistered(TWO);
        Effect.Probe probe = (Effect.Probe) machine.gone(TWO, poll).getFirst();
        poll(TWO, EPOCH);
        assertThat(machine.isSuspect(probe)).isFalse();
        assertThat(machine.probed(probe, Presence.REFUSED)).isEmpty();
        assertThat(machine.gone(TWO, poll)).isEmpty();
    }

    @Example
    void shouldUnfenceWhoPollsAgain() {
        polledAndRegistered(TWO);
        assertThat(pass(LEASE)).hasSize(1);
        poll(TWO, EPOCH);
        assertThat(effects).containsExactly(new Effect.Unfence(TWO, EPOCH));
        assertThat(machine.isFenced(TWO)).isFalse();
        assertThat(pass(LEASE - TICK)).isEmpty();
    }

    @Example
    void shouldTakeANewRegistrationForAnotherBroker() {
        // given  one that is fenced
        polledAndRegistered(TWO);
        pass(LEASE);

        // when   its next process polls
        BrokerEpoch next = new BrokerEpoch(11);
        assertThat(poll(TWO, next)).isNotEqualTo(LeaseMachine.NO_POLL);

        // then   nothing has to be taken back, and what the last process still sends does not count
        assertThat(effects).isEmpty();
        assertThat(machine.isFenced(TWO)).isFalse();
        assertThat(poll(TWO, EPOCH)).isEqualTo(LeaseMachine.NO_POLL);
    }

    @Example
    void shouldForgetWhoPolledAndWasNeverRegistered() {
        machine.registered(List.of(broker(SELF)), now);
        poll(TWO, EPOCH);
        assertThat(pass(LEASE)).containsExactly(new Effect.Forget(TWO, EPOCH));
        assertThat(pass(2 * LEASE)).isEmpty();
        assertThat(machine.running()).isZero();
    }

    @Example
    void shouldGoOnWithTheRegistrationThatIsKnownWhereALaterOneTurnsOutToBeNone() {
        // given  somebody who polls for another broker, under a registration to come
        polledAndRegistered(TWO);
        BrokerEpoch never = new BrokerEpoch(11);
        poll(TWO, never);
        assertThat(poll(TWO, EPOCH)).isEqualTo(LeaseMachine.NO_POLL);

        // when   that was all
        assertThat(pass(LEASE)).containsExactly(new Effect.Forget(TWO, never));

        // then   the broker is heard again, and missed where it is not
        assertThat(poll(TWO, EPOCH)).isNotEqualTo(LeaseMachine.NO_POLL);
        assertThat(pass(LEASE)).containsExactly(new Effect.Fence(TWO, EPOCH, false));
    }

    @Example
    void shouldRememberWhoWasFencedBehindARegistrationThatIsNone() {
        polledAndRegistered(TWO);
        pass(LEASE);
        poll(TWO, new BrokerEpoch(11));
        pass(LEASE);
        poll(TWO, EPOCH);
        assertThat(effects).containsExactly(new Effect.Unfence(TWO, EPOCH));
    }

    @Example
    void shouldNotJudgeAfterItStalledItself() {
        polledAndRegistered(TWO);
        now += LEASE + 1;
        assertThat(machine.tick(now)).isEmpty();
        assertThat(pass(LEASE - TICK)).isEmpty();
        assertThat(pass(TICK)).containsExactly(new Effect.Fence(TWO, EPOCH, false));
    }

    @Example
    void shouldNeverSuspectItself() {
        long poll = polledAndRegistered(SELF);
        assertThat(machine.gone(SELF, poll)).isEmpty();
        assertThat(pass(10 * LEASE)).isEmpty();
    }

    @Example
    void shouldLetGoWhoWithdrew() {
        long poll = polledAndRegistered(TWO);
        machine.registered(List.of(broker(SELF)), now);
        assertThat(machine.gone(TWO, poll)).isEmpty();
        assertThat(pass(2 * LEASE)).isEmpty();
        assertThat(machine.running()).isZero();
    }

    @Example
    void shouldWaitForWhoRegisteredAndHasNotPolledYet() {
        machine.registered(List.of(broker(SELF)), now);
        assertThat(machine.registered(List.of(broker(SELF), broker(TWO)), now)).isEmpty();
        assertThat(pass(LEASE)).containsExactly(new Effect.Fence(TWO, EPOCH, false));
    }

    /** Whatever happens: who polls in time is not fenced by silence, who is silent is, and words alternate. */
    @Property(tries = 1_000)
    void shouldKeepItsWordInAnyOrderOfEvents(@ForAll long seed) {
        Random random = new Random(seed);
        // One instance serves all tries.
        LeaseMachine machine = new LeaseMachine(SELF, LEASE, now);
        Map<BrokerId, Long> heard = new HashMap<>();
        Map<BrokerId, Long> lastPoll = new HashMap<>();
        Map<BrokerId, Boolean> fenced = new HashMap<>();
        List<Effect.Probe> knocks = new ArrayList<>();
        List<BrokerImage> all = List.of(broker(SELF), broker(TWO), broker(THREE));
        take(machine.registered(all, now), fenced, knocks);
        heard.put(TWO, now);
        heard.put(THREE, now);
        boolean stalled = false;
        for (int i = 0; i < 200; i++) {
            BrokerId broker = random.nextBoolean() ? TWO : THREE;
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    List<Effect> out = new ArrayList<>();
                    lastPoll.put(broker, machine.polled(broker, EPOCH, now, out));
                    heard.put(broker, now);
                    assertThat(out.isEmpty()).isNotEqualTo(fenced.getOrDefault(broker, false));
                    take(out, fenced, knocks);
                }
                case 2 -> take(machine.gone(broker, lastPoll.getOrDefault(broker, 77L)), fenced, knocks);
                case 3 -> {
                    if (!knocks.isEmpty()) {
                        Effect.Probe knock = knocks.remove(random.nextInt(knocks.size()));
                        Presence found = PRESENCES.get(random.nextInt(3));
                        boolean was = fenced.getOrDefault(knock.broker(), false);
                        List<Effect> out = machine.probed(knock, found);
                        boolean since = lastPoll.getOrDefault(knock.broker(), LeaseMachine.NO_POLL) != knock.poll();
                        boolean last = knock.attempt() == LeaseMachine.MOST_KNOCKS - 1;
                        boolean more = found != Presence.REFUSED && !last || found == Presence.REFUSED;
                        assertThat(out.isEmpty()).isEqualTo(!more || was || since);
                        take(out, fenced, knocks);
                    }
                }
                default -> {
                    long step = random.nextInt(8) == 0 ? LEASE : TICK;
                    now += step;
                    stalled = step > LEASE / 2;
                    if (stalled) {
                        heard.replaceAll((id, at) -> now);
                    }
                    List<Effect> out = machine.tick(now);
                    for (BrokerId id : List.of(TWO, THREE)) {
                        boolean due = now - heard.get(id) >= LEASE && !fenced.getOrDefault(id, false);
                        assertThat(out.contains(new Effect.Fence(id, EPOCH, false)))
                                .isEqualTo(due);
                    }
                    take(out, fenced, knocks);
                }
            }
            fenced.forEach((id, is) -> assertThat(machine.isFenced(id)).isEqualTo(is));
        }
    }

    private static void take(List<Effect> out, Map<BrokerId, Boolean> fenced, List<Effect.Probe> knocks) {
        for (Effect effect : out) {
            switch (effect) {
                case Effect.Probe probe -> knocks.add(probe);
                case Effect.Fence fence ->
                    assertThat(fenced.put(fence.broker(), true)).isNotEqualTo(true);
                case Effect.Unfence unfence ->
                    assertThat(fenced.put(unfence.broker(), false)).isEqualTo(true);
                case Effect.Forget forget -> throw new AssertionError("All are registered, but got " + forget);
            }
        }
    }

    private long polledAndRegistered(BrokerId... ids) {
        long last = LeaseMachine.NO_POLL;
        for (BrokerId id : ids) {
            last = poll(id, EPOCH);
        }
        List<BrokerImage> brokers =
                new ArrayList<>(Arrays.stream(ids).map(LeaseMachineTest::broker).toList());
        brokers.add(broker(SELF));
        assertThat(machine.registered(brokers, now)).isEmpty();
        return last;
    }

    private long poll(BrokerId id, BrokerEpoch epoch) {
        effects.clear();
        return machine.polled(id, epoch, now, effects);
    }

    private List<Effect> pass(long ms) {
        List<Effect> all = new ArrayList<>();
        for (long passed = 0; passed < ms; passed += TICK) {
            now += TICK;
            all.addAll(machine.tick(now));
        }
        return all;
    }

    private static BrokerImage broker(BrokerId id) {
        return new BrokerImage(id, EPOCH, List.of(), null, Map.of());
    }
}
