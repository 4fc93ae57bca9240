package io.ottla.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.broker.TestingBroker;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof that the handlers are real: the same requests, encoded by kafka-clients in every version that both serve, go to Ottla
 * and to Apache Kafka 4.3.1, both in the same state, and the answers are compared field by field. {@link Volatile} names what
 * can't be equal, {@link Deviation} what is not meant to be.
 */
@Tag("full")
final class KafkaComparisonTest {
    /** Old records must stay, whatever the clock says; what Kafka 3.9 and 4.3 have different defaults for is set. */
    private static final Map<String, String> SETTINGS = Map.of(
            "log.retention.ms",
            "-1",
            "group.initial.rebalance.delay.ms",
            "0",
            "group.consumer.assignment.interval.ms",
            "0");

    /** How often Kafka is asked until it shows what it was told. */
    private static final int MOST_TRIES = 1_000;

    private static final SortedMap<String, String> CLOSED = new TreeMap<>(Map.of("connection", "closed"));

    @TempDir
    static Path folder;

    private static TestingZooKeeper zooKeeper;
    private static TestingBroker broker;
    private static TestingKafka peer;
    private static Side ottla;
    private static Side kafka;

    private final Set<Deviation> seen = new HashSet<>();
    private final Map<ApiKeys, Set<Short>> compared = new TreeMap<>();

    @BeforeAll
    static void startBoth() throws Exception {
        peer = new TestingKafka(folder.resolve("kafka"), SETTINGS);
        zooKeeper = new TestingZooKeeper();
        broker = new TestingBroker(zooKeeper.address(), folder.resolve("ottla"), SETTINGS);
        ottla = new Side("Ottla", broker.broker().listeners().getFirst().port());
        kafka = new Side(Side.KAFKA, peer.port());
        for (Side side : List.of(ottla, kafka)) {
            prepare(side);
        }
    }

    @AfterAll
    static void stopBoth() throws Exception {
        if (broker != null) {
            broker.close();
        }
        if (zooKeeper != null) {
            zooKeeper.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    private static void prepare(Side side) throws Exception {
        List<CreatableTopic> topics = new ArrayList<>(List.of(
                TopicScenarios.topic("events", 3, 1),
                TopicScenarios.topic("zstd", 1, 1),
                TopicScenarios.with(
                        TopicScenarios.topic("settings", 2, 1),
                        "retention.ms",
                        "123456",
                        "max.message.bytes",
                        "2000000"),
                TopicScenarios.topic("dotted.name", 1, 1),
                TopicScenarios.topic("kept", 1, 1),
                TopicScenarios.topic("altered", 1, 1),
                TopicScenarios.topic("written", 2, 1),
                TopicScenarios.topic("doubled", 1, 1),
                TopicScenarios.topic("twice", 1, 1),
                TopicScenarios.topic("sequenced", 2, 1),
                TopicScenarios.topic("trimmed", 1, 1),
                TopicScenarios.topic("cut", 1, 1),
                TopicScenarios.topic("cut-all", 1, 1),
                TopicScenarios.with(TopicScenarios.topic("appended", 1, 1), "message.timestamp.type", "LogAppendTime"),
                TopicScenarios.with(TopicScenarios.topic("compacted", 1, 1), "cleanup.policy", "compact"),
                TopicScenarios.with(TopicScenarios.topic("small", 1, 1), "max.message.bytes", "1000"),
                TopicScenarios.with(
                        TopicScenarios.topic("timely", 1, 1),
                        "message.timestamp.before.max.ms",
                        "1000",
                        "message.timestamp.after.max.ms",
                        "1000"),
                TopicScenarios.with(TopicScenarios.topic("recompressed", 1, 1), "compression.type", "gzip"),
                TopicScenarios.with(TopicScenarios.topic("uncompressed", 1, 1), "compression.type", "uncompressed")));
        for (short version : ApiKeys.FETCH.allVersions()) {
            topics.add(TopicScenarios.topic("session-" + version, 1, 1));
        }
        once(side, ApiKeys.CREATE_TOPICS, TopicScenarios.create(topics.toArray(CreatableTopic[]::new)));
        for (CreatableTopic topic : topics) {
            side.awaitTopic(topic.name(), topic.numPartitions());
        }
        int number = 0;
        for (CompressionType codec :
                List.of(CompressionType.NONE, CompressionType.GZIP, CompressionType.SNAPPY, CompressionType.LZ4)) {
            once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, "events", 0, Batches.of(codec, number, 10)));
            number += 10;
        }
        once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, "events", 0, Batches.of(number, 10)));
        once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, "zstd", 0, Batches.of(CompressionType.ZSTD, 0, 10)));
        once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, "events", 1, Batches.idempotent(4000, 0, 0, 4)));
        once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, "events", 1, Batches.idempotent(4000, 0, 4, 4)));
        once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, "events", 1, Batches.idempotent(4001, 2, 0, 4)));
        for (String topic : List.of("trimmed", "cut", "cut-all", "appended")) {
            once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, topic, 0, Batches.of(0, 10)));
            once(side, ApiKeys.PRODUCE, ProduceScenarios.produce(side, topic, 0, Batches.of(10, 10)));
        }
        side.awaitProducerIds();
        once(side, ApiKeys.DELETE_RECORDS, TopicScenarios.cut("trimmed", 0, 5));
    }

    private static void once(Side side, ApiKeys key, ApiMessage request) throws Exception {
        try (Wire wire = new Wire(side.port)) {
            ApiMessage answer = wire.ask(key, newest(key), request);
            String text = String.valueOf(MessageTree.of(side, answer));
            assertThat(text.replaceAll("rrorCode=NONE", ""))
                    .as(side + ": " + request)
                    .doesNotContain("rrorCode=");
        }
    }

    private static short newest(ApiKeys key) {
        for (short version = key.latestVersion(); version >= key.oldestVersion(); version--) {
            if (ottla.serves(key, version) && kafka.serves(key, version)) {
                return version;
            }
        }
        throw new IllegalStateException("Expected both to serve " + key + ", but one does not");
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsKafkaDoes() {
        // Before the topic of transactions is made by hand: Kafka leads none of it then.
        List<Scenario> scenarios = new ArrayList<>(TransactionScenarios.all());
        scenarios.addAll(FetchScenarios.all());
        scenarios.addAll(ClusterScenarios.all());
        scenarios.addAll(ProduceScenarios.all());
        scenarios.addAll(TopicScenarios.all());
        scenarios.addAll(GroupScenarios.all());
        scenarios.addAll(OffsetScenarios.all());
        scenarios.addAll(TransactionScenarios.ofGroups());
        scenarios.addAll(InternalTopicScenarios.all());
        scenarios.addAll(ConfigScenarios.all());
        scenarios.addAll(ConsumerGroupScenarios.all());
        scenarios.addAll(MoveScenarios.all());
        return Stream.concat(
                scenarios.stream()
                        .map(scenario -> DynamicTest.dynamicTest(
                                scenario.key() + ": " + scenario.name(), () -> compare(scenario))),
                Stream.of(
                        DynamicTest.dynamicTest(
                                "every key and version that both serve was compared", this::assertAllCompared),
                        DynamicTest.dynamicTest(
                                "every named deviation was seen",
                                () -> assertThat(Deviation.ALL.stream()
                                                .filter(deviation -> !seen.contains(deviation))
                                                .map(deviation -> deviation.key() + ": " + deviation.scenario()))
                                        .isEmpty())));
    }

    @TestFactory
    Stream<DynamicTest> shouldTreatBadFramesAsKafkaDoes() throws Exception {
        return Frames.all().entrySet().stream()
                .map(frame -> DynamicTest.dynamicTest(frame.getKey(), () -> {
                    for (int length : new int[] {frame.getValue().length, -1, Integer.MAX_VALUE}) {
                        assertThat(outcome(ottla, length, frame.getValue()))
                                .isEqualTo(outcome(kafka, length, frame.getValue()));
                    }
                }));
    }

    /** Whether an answer comes, and how it begins: correlation id and error. */
    private static String outcome(Side side, int length, byte[] frame) throws Exception {
        try (Wire wire = new Wire(side.port)) {
            wire.send(length, frame);
            ByteBuffer answer = wire.receive();
            return answer == null ? "closed" : "answered " + answer.getInt() + " " + Errors.forCode(answer.getShort());
        }
    }

    private void assertAllCompared() {
        for (ApiKeys key : ApiKeys.clientApis()) {
            Set<Short> both = new TreeSet<>();
            for (short version : key.allVersions()) {
                if (ottla.serves(key, version) && kafka.serves(key, version) && version <= key.latestVersion(false)) {
                    both.add(version);
                }
            }
            assertThat(compared.getOrDefault(key, Set.of())).as(key + "").containsAll(both);
        }
    }

    private void compare(Scenario scenario) throws Exception {
        Map<String, List<Short>> differences = new TreeMap<>();
        int versions = 0;
        ApiKeys key = scenario.key();
        for (short version = key.oldestVersion(); version <= key.latestVersion(false); version++) {
            if (ottla.serves(key, version) && kafka.serves(key, version) && compare(scenario, version, differences)) {
                versions++;
                compared.computeIfAbsent(key, none -> new TreeSet<>()).add(version);
            }
        }
        assertThat(versions).as("versions in which the request can be made").isPositive();
        assertThat(differences)
                .as("differences, and the versions that have them")
                .isEmpty();
    }

    /** Whether the request could be made in this version. */
    private boolean compare(Scenario scenario, short version, Map<String, List<Short>> differences) throws Exception {
        List<SortedMap<String, String>> ours = answers(ottla, scenario, version, (_, _) -> true);
        List<SortedMap<String, String>> theirs =
                answers(kafka, scenario, version, (step, answer) -> isShown(scenario, ours, step, answer));
        if (ours == null || theirs == null) {
            assertThat(ours).isEqualTo(theirs);
            return false;
        }
        for (int step = 0; step < Math.max(ours.size(), theirs.size()); step++) {
            ApiKeys key = scenario.steps().get(step).key();
            String at = scenario.steps().size() == 1 ? "" : "step " + step + " ";
            SortedMap<String, String> our = step < ours.size() ? ours.get(step) : CLOSED;
            SortedMap<String, String> their = step < theirs.size() ? theirs.get(step) : CLOSED;
            differences(key, scenario.name(), our, their)
                    .forEach(each -> differences
                            .computeIfAbsent(at + each, none -> new ArrayList<>())
                            .add(version));
        }
        return true;
    }

    /** Kafka answers a change of configuration before its broker shows it. */
    private boolean isShown(
            Scenario scenario, List<SortedMap<String, String>> ours, int step, SortedMap<String, String> answer) {
        ApiKeys key = scenario.steps().get(step).key();
        return key != ApiKeys.DESCRIBE_CONFIGS
                || ours == null
                || step >= ours.size()
                || differences(key, scenario.name(), ours.get(step), answer).isEmpty();
    }

    private List<String> differences(
            ApiKeys key, String scenario, SortedMap<String, String> ours, SortedMap<String, String> theirs) {
        List<String> found = new ArrayList<>();
        if (ours.equals(CLOSED) != theirs.equals(CLOSED)) {
            if (!isNamed(key, scenario, "connection")) {
                found.add("connection: " + (ours.equals(CLOSED) ? "Ottla" : "Kafka") + " closes it");
            }
            return found;
        }
        Set<String> paths = new TreeSet<>(ours.keySet());
        paths.addAll(theirs.keySet());
        String missing = null;
        for (String path : paths) {
            if (missing != null && (path.startsWith(missing + ".") || path.startsWith(missing + "["))) {
                continue;
            }
            String our = Volatile.compared(key, path, ours.getOrDefault(path, "absent"));
            String their = Volatile.compared(key, path, theirs.getOrDefault(path, "absent"));
            if (our.equals(their)) {
                continue;
            }
            if (our.equals("absent") || their.equals("absent")) {
                missing = path;
            }
            if (!isNamed(key, scenario, path)) {
                found.add(path + ": Ottla " + our + ", Kafka " + their);
            }
        }
        return found;
    }

    private boolean isNamed(ApiKeys key, String scenario, String path) {
        for (Deviation deviation : Deviation.ALL) {
            if (deviation.covers(key, scenario, path)) {
                seen.add(deviation);
                return true;
            }
        }
        return false;
    }

    /** Null where kafka-clients can't say the request in this version. */
    private static List<SortedMap<String, String>> answers(
            Side side, Scenario scenario, short version, BiPredicate<Integer, SortedMap<String, String>> isShown)
            throws Exception {
        List<SortedMap<String, String>> answers = new ArrayList<>();
        try (Wire wire = new Wire(side.port, scenario.clientId())) {
            for (Scenario.Step step : scenario.steps()) {
                short used = step.key() == scenario.key() ? version : newest(step.key());
                byte[] frame;
                try {
                    frame = wire.frame(step.key(), used, step.ask().of(side, version));
                } catch (UnsupportedVersionException e) {
                    return null;
                }
                if (!step.answered()) {
                    wire.send(frame);
                    answers.add(new TreeMap<>());
                    continue;
                }
                SortedMap<String, String> shown = CLOSED;
                for (int tries = 0; tries < MOST_TRIES; tries++) {
                    wire.send(frame);
                    ApiMessage answer = wire.answer(step.key(), used);
                    if (answer == null) {
                        answers.add(CLOSED);
                        return answers;
                    }
                    step.heed().take(side, answer);
                    shown = MessageTree.of(side, answer);
                    if (isShown.test(answers.size(), shown)) {
                        break;
                    }
                }
                answers.add(shown);
            }
        }
        return answers;
    }
}
