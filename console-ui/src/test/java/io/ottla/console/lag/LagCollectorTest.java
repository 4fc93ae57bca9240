package io.ottla.console.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.TestingCluster;
import io.ottla.console.clusters.BesideBroker.Identity;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.groups.TestingGroups;
import io.ottla.console.lag.SampleCodec.Chunk;
import io.ottla.console.oldconsumers.OldConsumers;
import io.ottla.console.oldconsumers.TestingNodes;
import io.ottla.console.words.Wording;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LagCollectorTest {
    private static final Logger log = LoggerFactory.getLogger(LagCollectorTest.class);
    private static final Duration REFRESH = Duration.ofSeconds(10);
    private static final int CONTROLLER = 2;
    private static final int MANY = 5_000;
    private static final List<String> NAMES =
            IntStream.range(0, MANY).mapToObj(i -> "group-" + i).toList();

    private final TestingCluster topics = new TestingCluster().with("orders", 3);
    private final TestingGroups cluster = new TestingGroups(topics);
    private final LagLoad load = new LagLoad();
    private final List<Chunk> written = new ArrayList<>();
    private int bytes;
    private int opened;
    private int closed;
    private RuntimeException failure;
    private Instant now = Instant.parse("2026-11-30T00:00:00Z");

    private LagCollector beside(int broker) {
        return new LagCollector(
                () -> Optional.of(new Identity(TestingCluster.ID, broker, List.of(), broker == CONTROLLER)),
                () -> new Sampling(cluster.cluster(), () -> now, (asked, admin, groups) -> Map.of(), load),
                () -> {
                    opened++;
                    return new LagLog() {
                        @Override
                        public void append(byte[] record) {
                            if (failure != null) {
                                throw failure;
                            }
                            bytes += record.length;
                            written.add(SampleCodec.decode(ByteBuffer.wrap(record)));
                        }

                        @Override
                        public void close() {
                            closed++;
                        }
                    };
                },
                REFRESH,
                () -> now,
                load);
    }

    @Test
    void shouldCollectBesideTheControllerOnly() {
        cluster.with("g", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);

        beside(1).turn();
        assertThat(opened).isZero();
        assertThat(cluster.calls()).isZero();

        LagCollector collector = beside(CONTROLLER);
        collector.turn();
        assertThat(written).hasSize(1);
        assertThat(written.getFirst().sample().whole()).isTrue();
        assertThat(written.getFirst().sample().groups())
                .containsExactly(
                        new GroupFigures(GroupKey.of("g"), -1, List.of(new TopicFigures("orders", 1, 400, 600))));
        assertThat(load.samples()).isOne();
        assertThat(load.groups()).isOne();
    }

    @Test
    void shouldMakeNoTopicForAClusterWithoutGroups() {
        LagCollector collector = beside(CONTROLLER);

        collector.turn();

        assertThat(opened).isZero();
        assertThat(load.samples()).isOne();
    }

    @Test
    void shouldWriteOnlyWhatChangedAndASignOfLife() {
        // given
        TestingGroups.Held moving =
                cluster.with("moving", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);
        cluster.with("still", GroupType.CONSUMER, GroupState.EMPTY).at("orders", 1, 400);
        LagCollector collector = beside(CONTROLLER);
        collector.turn();

        // when   nothing changes
        now = now.plus(REFRESH);
        collector.turn();

        // then
        assertThat(written).hasSize(1);

        // when
        moving.at("orders", 0, 500);
        now = now.plus(REFRESH);
        collector.turn();

        // then
        assertThat(written).hasSize(2);
        assertThat(written.getLast().sample().groups())
                .extracting(GroupFigures::group)
                .containsExactly(GroupKey.of("moving"));

        // when   nothing changes for a minute
        now = now.plusSeconds(60);
        collector.turn();

        // then
        assertThat(written).hasSize(3);
        assertThat(written.getLast().sample().isEmpty()).isTrue();
    }

    @Test
    void shouldSampleGroupsInZooKeeperToo() {
        // given  one of each home by the same name, and one whose topic is gone
        TestingNodes nodes = new TestingNodes().offset("g", "orders", 0, 900).offset("gone", "nowhere", 0, 5);
        cluster.zooKeeper = Optional.of(nodes.access());
        cluster.with("g", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);
        LagCollector collector = beside(CONTROLLER);

        // when
        collector.turn();

        // then
        GroupFigures old =
                new GroupFigures(GroupKey.inZooKeeper("g"), -1, List.of(new TopicFigures("orders", 1, 900, 100)));
        assertThat(written.getLast().sample().groups())
                .containsExactlyInAnyOrder(
                        new GroupFigures(GroupKey.of("g"), -1, List.of(new TopicFigures("orders", 1, 400, 600))),
                        old,
                        new GroupFigures(
                                GroupKey.inZooKeeper("gone"), -1, List.of(new TopicFigures("nowhere", 1, 5, 0))));

        // when   ZooKeeper does not answer, then goes on
        nodes.away = true;
        cluster.groups.get("g").at("orders", 0, 500);
        collector.turn();
        assertThat(written.getLast().sample().gone()).isEmpty();
        assertThat(written.getLast().sample().groups())
                .extracting(GroupFigures::group)
                .containsExactly(GroupKey.of("g"));
        nodes.away = false;
        nodes.offset("g", "orders", 0, 950);
        nodes.nodes.keySet().removeIf(path -> path.startsWith("/consumers/gone"));
        collector.turn();

        // then
        assertThat(written.getLast().sample().groups())
                .containsExactly(new GroupFigures(
                        GroupKey.inZooKeeper("g"), -1, List.of(new TopicFigures("orders", 1, 950, 50))));
        assertThat(written.getLast().sample().gone()).containsExactly(GroupKey.inZooKeeper("gone"));
    }

    @Test
    void shouldComeToAllGroupsInZooKeeperOneAfterTheOther() {
        // given  more offsets than one look reads
        TestingNodes nodes = new TestingNodes();
        for (String group : List.of("a", "b", "c")) {
            nodes.offset(group, "orders", 0, 1);
            for (int i = 1; i <= OldConsumers.MOST_OFFSETS / 2; i++) {
                nodes.nodes.put("/consumers/" + group + "/offsets/orders/" + i, new byte[] {'1'});
            }
        }
        cluster.zooKeeper = Optional.of(nodes.access());
        Sampling sampling = new Sampling(cluster.cluster(), () -> now, (asked, admin, groups) -> Map.of(), load);

        // when, then
        assertThat(known(sampling.take())).containsExactly("a");
        assertThat(known(sampling.take())).containsExactly("b");
        assertThat(known(sampling.take())).containsExactly("c");
        assertThat(sampling.take().isEmpty()).isTrue();
    }

    private static List<String> known(Sample sample) {
        return sample.groups().stream()
                .filter(group -> !group.topics().isEmpty())
                .map(group -> group.group().id())
                .toList();
    }

    @Test
    void shouldWaitLongerWhereTheClusterIsSlowOrFails() {
        // given
        cluster.with("g", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);
        LagCollector collector = beside(CONTROLLER);

        // when, then  a sample takes a tenth of the time at most
        assertThat(collector.pause(Duration.ofMillis(200))).isEqualTo(REFRESH);
        assertThat(collector.pause(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(30));
        assertThat(collector.pause(Duration.ofMinutes(9))).isEqualTo(Duration.ofMinutes(5));

        // and    each failure doubles the wait, and what follows begins anew
        failure = new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.of("failure.closing"));
        assertThat(collector.turn()).isEqualTo(REFRESH.multipliedBy(2));
        assertThat(collector.turn()).isEqualTo(REFRESH.multipliedBy(4));
        assertThat(closed).isEqualTo(2);
        failure = null;
        assertThat(collector.turn()).isEqualTo(REFRESH);
        assertThat(written.getLast().sample().whole()).isTrue();
    }

    /** What docs/console.md says of 5,000 groups. */
    @Test
    void shouldAskFewQuestionsOfManyGroups() {
        // given
        for (int i = 0; i < MANY; i++) {
            cluster.with("group-" + i, GroupType.CLASSIC, GroupState.STABLE)
                    .at("topic-" + i % 100, 0, 500)
                    .at("topic-" + (i + 1) % 100, i % 10, 700);
        }
        LagCollector collector = beside(CONTROLLER);

        // when
        collector.turn();

        // then   one for the list, ten for offsets, one for the ends of the logs
        log.info("{} s, {} KiB, {} questions", load.seconds(), bytes >> 10, load.calls());
        assertThat(load.calls()).isEqualTo(12);
        assertThat(load.partitions()).isEqualTo(2 * MANY);
        assertThat(bytes).isLessThan(512 << 10);
    }

    /** The same: a day in which all of them move all the time. */
    @Test
    @Tag("full")
    void shouldKeepADayOfManyGroupsInBoundedMemory() {
        // given
        LagHistory history = new LagHistory(Duration.ofDays(1));
        Random random = new Random(6);

        // when   a sample each minute
        long begun = System.nanoTime();
        long most = 0;
        for (int second = 0; second < 86_400; second += 60) {
            List<GroupFigures> groups = new ArrayList<>(MANY);
            for (int i = 0; i < MANY; i++) {
                long offset = second * (100L + i);
                groups.add(new GroupFigures(
                        GroupKey.of(NAMES.get(i)),
                        3,
                        List.of(
                                new TopicFigures("topic-a", 10, offset, random.nextInt(100_000)),
                                new TopicFigures("topic-b", 10, offset / 3, random.nextInt(1_000)))));
            }
            Sample sample = new Sample(now.plusSeconds(second).toEpochMilli(), false, groups, List.of());
            history.apply(new Chunk(sample, true, true));
            if (second % 3_600 == 0) {
                most = Math.max(most, history.bytes());
            }
        }

        // then
        log.info(
                "{} s for 1,440 samples, {} MiB of history at most",
                Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                most >> 20);
        assertThat(history.figures()).hasSize(MANY);
        assertThat(most).isLessThan(LagHistory.MAX_BYTES + (32 << 20));
        Instant end = now.plusSeconds(86_390);
        Map<String, Course> courses = history.courses(GroupKey.of("group-4711"), end.minusSeconds(86_000), end, 120);
        assertThat(courses).hasSize(2);
        assertThat(courses.get("topic-a").lag(0)).isPositive();
    }
}
