package io.ottla.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.concurrent.Waiting;
import io.ottla.controller.ControllerElection.Event;
import io.ottla.metadata.BrokerImage;
import io.ottla.simulation.ZooKeeperClient.Loss;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.BrokerRegistration;
import io.ottla.zookeeper.ClusterNodes;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.ProducerIdBlocks;
import io.ottla.zookeeper.ZooKeeperElection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Election, registration and producer ids above the modelled ZooKeeper, with everything happening to it. */
class ModelledElectionTest {
    private static final int SESSION_MS = 9_000;
    private static final int BROKERS = 3;

    @TempDir
    Path folder;

    private TestingWorld world;
    private final Map<Integer, Integer> winners = new TreeMap<>();
    private final Set<Long> producerIds = new HashSet<>();
    /** Kept, since what is thrown where an answer is taken goes no further. */
    private final List<String> violations = new ArrayList<>();
    /** Of each write of a controller its transaction and its epoch. */
    private final Map<Long, Integer> writes = new TreeMap<>();

    static LongStream seeds() {
        // The last one once found a registration that its own successor took for somebody else.
        return LongStream.concat(LongStream.range(0, 30), LongStream.of(456));
    }

    /** What of a broker lives above ZooKeeper, in one process. */
    private final class Member {
        private final int id;
        private final Path home;
        private final TestingWorld.TestingProcess process = world.process();
        private final KeptSession session;
        private ZooKeeperElection election;
        private ProducerIdBlocks blocks;
        private final List<BrokerRegistration.Outcome> registrations = new ArrayList<>();
        private Event last;
        private boolean dead;

        Member(int id, Path home) {
            this.id = id;
            this.home = home;
            this.session = process.session(TestingEnsemble.properties("model", SESSION_MS), home);
        }

        boolean start() throws Exception {
            try {
                session.open(true);
                Waiting waiting = process.waiting();
                new ClusterNodes(
                                session,
                                TestingEnsemble.properties("model", SESSION_MS),
                                process.clock(),
                                new Random(id),
                                process.thread(),
                                waiting)
                        .prepare(Map.of());
            } catch (IOException unavailable) {
                kill();
                return false;
            }
            Executor thread = process.thread();
            election = new ZooKeeperElection(session, new BrokerId(id), process.clock(), process.timer(), thread);
            election.start(this::hear);
            BrokerImage self = new BrokerImage(
                    new BrokerId(id),
                    BrokerEpoch.NONE,
                    List.of(new BrokerImage.Endpoint("PLAIN", SecurityProtocol.PLAINTEXT, "host" + id, 9092)),
                    null,
                    Map.of());
            new BrokerRegistration(session, self, -1, process.clock(), process.timer(), process.thread())
                    .register(3_600_000, registrations::add)
                    .thenAccept(registrations::add);
            blocks = new ProducerIdBlocks(session, new BrokerId(id), process.timer(), process.thread());
            return true;
        }

        private void hear(Event event) {
            last = event;
            if (event instanceof Event.Elected elected) {
                int epoch = elected.epoch().value();
                Integer before = winners.put(epoch, id);
                if (before != null && before != id) {
                    violations.add("Epoch " + epoch + " was won by " + before + " and by " + id);
                }
            }
        }

        /** As a controller does: a write that a deposed one can't do. */
        void write() {
            if (last instanceof Event.Elected(var epoch, int version)) {
                session.requests(process.thread())
                        .multi(List.of(Op.check("/controller_epoch", version), Op.setData("/brokers", null, -1)))
                        .thenAccept(answer -> {
                            if (answer.isOk() && answer.value().getLast() instanceof OpResult.SetDataResult set) {
                                writes.put(set.getStat().getMzxid(), epoch.value());
                            }
                        });
            }
        }

        boolean leads() {
            return !dead && last instanceof Event.Elected || last instanceof Event.Resumed;
        }

        void kill() {
            dead = true;
            process.kill();
        }
    }

    private Member[] start(long seed, int servers) throws Exception {
        world = new TestingWorld(
                seed, new SimulatedZooKeeper.Settings(1_000, servers, 300_000, servers == 1 ? 0 : 20_000_000));
        Member[] members = new Member[BROKERS];
        for (int i = 0; i < BROKERS; i++) {
            members[i] = new Member(i, Files.createDirectories(folder.resolve("broker" + i)));
            assertThat(members[i].start()).isTrue();
        }
        // All want their first block of producer ids at once.
        for (Member member : members) {
            draw(member);
        }
        return members;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldHaveOneControllerAnEpochWhateverHappensAndOneInTheEnd(long seed) throws Exception {
        // given
        SplittableRandom random = new SplittableRandom(seed);
        Member[] members = start(seed, seed % 2 == 0 ? 1 : 3);

        // when   things happen
        for (int step = 0; step < 150; step++) {
            int who = random.nextInt(BROKERS);
            Member member = members[who];
            switch (random.nextInt(16)) {
                case 0 -> member.process.client().loseNext(Loss.ANSWER);
                case 1 -> member.process.client().loseNext(Loss.REQUEST);
                case 2 -> member.process.client().cut();
                case 3 -> member.process.client().suspendConnection();
                case 4, 5 -> member.process.client().resumeConnection();
                case 6 -> world.zooKeeper.expire(member.session.sessionId());
                case 7 -> world.zooKeeper.operate(List.of(Op.delete("/controller", -1)));
                case 8 -> {
                    member.kill();
                    members[who] = new Member(who, member.home);
                    if (!members[who].start()) {
                        members[who] = new Member(who, member.home);
                        heal(members);
                        assertThat(members[who].start()).isTrue();
                    }
                }
                case 9 -> member.election.removeDead(new BrokerId(random.nextInt(BROKERS)));
                case 10 -> member.process.pause();
                case 11 -> member.process.resume();
                case 12 -> {
                    if (random.nextInt(4) == 0) {
                        world.zooKeeper.stop();
                    }
                }
                case 13 -> start();
                case 14 -> world.zooKeeper.slowBy(1 + random.nextInt(300));
                default -> draw(member);
            }
            for (Member each : members) {
                each.write();
            }
            world.sleep(random.nextInt(10) == 0 ? random.nextInt(15_000) : random.nextInt(400));
        }
        heal(members);
        world.sleep(120_000);

        // then   all is well again
        int leader = -1;
        for (Member member : members) {
            if (member.leads()) {
                assertThat(leader).isEqualTo(-1);
                leader = member.id;
            }
            assertThat(member.session.isConnected()).isTrue();
            assertThat(member.registrations).last().isInstanceOf(BrokerRegistration.Outcome.Registered.class);
            assertThat(world.zooKeeper.owner("/brokers/ids/" + member.id)).isEqualTo(member.session.sessionId());
            draw(member);
        }
        assertThat(leader).isNotEqualTo(-1);
        assertThat(world.zooKeeper.owner("/controller")).isEqualTo(members[leader].session.sessionId());
        assertThat(world.zooKeeper.data("/controller_epoch"))
                .isEqualTo(Integer.toString(winners.keySet().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(-1)));
        int drawn = producerIds.size();
        draw(members[0]);
        world.sleep(30_000);
        assertThat(producerIds.size()).isGreaterThan(drawn);
        assertThat(world.zooKeeper.sessions()).hasSize(BROKERS);
        assertThat(violations).isEmpty();
        assertThat(List.copyOf(writes.values())).isNotEmpty().isSorted();
    }

    private void start() {
        if (!world.zooKeeper.isUp()) {
            world.zooKeeper.start();
        }
    }

    private void heal(Member[] members) {
        start();
        world.zooKeeper.slowBy(1);
        for (Member member : members) {
            if (member.process.client() != null) {
                member.process.client().resumeConnection();
            }
            member.process.resume();
        }
    }

    /** No id is ever handed out twice. */
    private void draw(Member member) {
        CompletableFuture<Long> id = member.blocks.next().toCompletableFuture();
        id.thenAccept(drawn -> {
            if (!producerIds.add(drawn)) {
                violations.add("Producer id " + drawn + " was handed out twice");
            }
        });
    }

    @Test
    void shouldElectAnotherWithinMomentsOfSuspectingADeadController() throws Exception {
        // given  a controller that dies without a word
        Member[] members = start(1, 3);
        world.sleep(1_000);
        Member dead =
                List.of(members).stream().filter(Member::leads).findFirst().orElseThrow();
        dead.kill();
        long before = world.nowNs();

        // when   both others suspect it
        for (Member member : members) {
            if (member != dead) {
                member.election.removeDead(new BrokerId(dead.id));
            }
        }

        // then
        world.until(() -> List.of(members).stream().anyMatch(member -> member != dead && member.leads()));
        assertThat((world.nowNs() - before) / TestingWorld.MS).isLessThan(100);
        assertThat(winners).hasSize(2);
    }

    @Test
    void shouldStartAgainWithANewEpochAtOnceAfterADeath() throws Exception {
        // given
        Member[] members = start(1, 1);
        world.until(() -> !members[0].registrations.isEmpty());
        BrokerRegistration.Outcome first = members[0].registrations.getFirst();
        members[0].kill();
        long before = world.nowNs();

        // when
        Member again = new Member(0, members[0].home);
        assertThat(again.start()).isTrue();

        // then
        world.until(() -> !again.registrations.isEmpty());
        assertThat((world.nowNs() - before) / TestingWorld.MS).isLessThan(100);
        assertThat(again.registrations.getFirst())
                .isInstanceOf(BrokerRegistration.Outcome.Registered.class)
                .isNotEqualTo(first);
        assertThat(world.zooKeeper.operate(List.of(Op.check("/brokers/ids/0", 0))))
                .isEqualTo(Code.OK);
    }
}
