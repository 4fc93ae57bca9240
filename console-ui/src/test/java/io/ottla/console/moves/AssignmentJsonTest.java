package io.ottla.console.moves;

import static io.ottla.console.moves.TestingLayouts.made;
import static io.ottla.console.moves.TestingLayouts.partition;
import static io.ottla.console.moves.TestingLayouts.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.TopicPartition;

class AssignmentJsonTest {
    private final AssignmentJson json = new AssignmentJson(new AssignmentJson.Limits(10_000, 150, 4));

    private Outcome<AssignmentFile> parse(String text) {
        return json.parse(text.getBytes(UTF_8));
    }

    private String refusal(String partitions) {
        return refused(parse("{\"version\":1,\"partitions\":[" + partitions + "]}"));
    }

    @Property
    void shouldReadWhatItWrote(@ForAll long seed) {
        Random random = new Random(seed);
        Assignment assignment = TestingLayouts.any(random).assignment();
        Map<TopicPartition, List<String>> folders = new TreeMap<>(Assignment.ORDER);
        assignment.replicas().forEach((partition, replicas) -> {
            if (random.nextBoolean()) {
                folders.put(
                        partition,
                        replicas.stream()
                                .map(broker -> random.nextBoolean() ? AssignmentFile.ANY : "/data/ä \"" + broker)
                                .toList());
            }
        });
        AssignmentFile file = new AssignmentFile(assignment, folders);

        byte[] written = AssignmentJson.write(file);

        assertThat(made(new AssignmentJson(AssignmentJson.Limits.DEFAULT).parse(written)))
                .isEqualTo(file);
    }

    @Example
    void shouldWriteWhatKafkasToolWrites() {
        AssignmentFile file = new AssignmentFile(new Assignment(Map.of(partition("t", 0), List.of(2, 1))));

        assertThat(new String(AssignmentJson.write(file), UTF_8))
                .isEqualTo("{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[2,1],"
                        + "\"log_dirs\":[\"any\",\"any\"]}]}");
    }

    @Example
    void shouldReadFilesWithoutVersionOrFoldersAndPassOverOtherFields() {
        AssignmentFile file = made(parse("{\"by\":{\"x\":[1]},\"partitions\":[{\"replicas\":[3,1],\"partition\":7,"
                + "\"note\":[{}],\"topic\":\"t\"}]}"));

        assertThat(file.assignment().replicas()).isEqualTo(Map.of(partition("t", 7), List.of(3, 1)));
        assertThat(file.folders()).isEmpty();
    }

    @Example
    void shouldNameTheEntryAndWhatWasExpected() {
        String good = "{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2]}";
        assertThat(refusal(good + "," + good))
                .isEqualTo("Expected each partition once, but partitions[1] names t-0 again.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2,1]}"))
                .isEqualTo(
                        "Expected a broker that isn't among the replicas yet in partitions[0].replicas[2], but got 1.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[]}"))
                .isEqualTo("Expected at least one broker in partitions[0].replicas, but it is empty.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2],\"log_dirs\":[\"any\"]}"))
                .isEqualTo("Expected as many log_dirs as replicas (2) in partitions[0], t-0, but got 1.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[1],\"log_dirs\":[\"data\"]}"))
                .isEqualTo("Expected \"any\" or an absolute path in partitions[0].log_dirs[0], but got \"data\".");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":-1,\"replicas\":[1]}"))
                .isEqualTo("Expected the number of a partition in partitions[0].partition, but got -1.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[\"1\"]}"))
                .isEqualTo("Expected the id of a broker in partitions[0].replicas[0], but got \"1\".");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[99999999999]}"))
                .isEqualTo("Expected the id of a broker in partitions[0].replicas[0], but got 99999999999.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":1}"))
                .isEqualTo("Expected an array of broker ids in partitions[0].replicas, but got 1.");
        assertThat(refusal("{\"partition\":0,\"replicas\":[1]}"))
                .isEqualTo("Expected \"topic\" in partitions[0], but it has none.");
        assertThat(refusal("{\"topic\":\"t\",\"replicas\":[1]}"))
                .isEqualTo("Expected \"partition\" in partitions[0], but it has none.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0}"))
                .isEqualTo("Expected \"replicas\" in partitions[0], but it has none.");
        assertThat(refusal(good + ",null")).isEqualTo("Expected an object in partitions[1], but got null.");
        assertThat(refused(parse("{\"version\":2,\"partitions\":[]}"))).isEqualTo("Expected 1 in version, but got 2.");
        assertThat(refused(parse("{\"version\":1}"))).startsWith("Expected \"partitions\", an array of");
        assertThat(refused(parse("[]")))
                .isEqualTo("Expected an object with \"partitions\" in the file, but got an array.");
        assertThat(refused(parse("{\"partitions\":[]} x"))).startsWith("Expected");
    }

    @Example
    void shouldSayWhereTheJsonIsBroken() {
        assertThat(refused(parse("{\"version\":1,\n \"partitions\":[}")))
                .startsWith(
                        "Expected JSON as kafka-reassign-partitions reads it, but it can't be read at line 2, column");
        assertThat(refused(parse("")))
                .isEqualTo("Expected an object with \"partitions\" in the file, but got the end of" + " the file.");
        assertThat(refused(parse("{\"partitions\":[],\"partitions\":[]}")))
                .contains("it has partitions twice, the second time at line 1");
    }

    @Property
    void shouldNeverThrowWhateverTheBytesAre(@ForAll byte[] bytes, @ForAll int at) {
        assertThat(json.parse(bytes)).isNotNull();
        byte[] good =
                "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2],\"log_dirs\":[\"any\",\"/a\"]}]}"
                        .getBytes(UTF_8);
        for (byte each : bytes) {
            good[Math.floorMod(at, good.length)] = each;
            assertThat(json.parse(good)).isNotNull();
        }
    }

    @Example
    void shouldReadNoMoreThanItsLimits() {
        StringBuilder many = new StringBuilder("{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]}");
        for (int i = 1; i <= 150; i++) {
            many.append(",{\"topic\":\"t\",\"partition\":").append(i).append(",\"replicas\":[1]}");
        }
        assertThat(refusal(many.toString()))
                .isEqualTo("Expected at most 150 partitions in one file, but there are more: split it.");
        assertThat(refusal("{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2,3,4,5]}"))
                .isEqualTo("Expected at most 4 brokers in partitions[0].replicas, but got 5.");
        assertThat(refused(json.parse(new byte[10_001])))
                .isEqualTo("Expected a file of at most 10000 bytes, but it has 10001.");
        assertThat(refusal("[".repeat(50))).contains("but");
    }

    @Example
    void shouldSayWhichEntriesTheClusterDoesNotKnow() {
        Assignment current = new Assignment(Map.of(partition("t", 0), List.of(9, 1)));
        Assignment proposed = new Assignment(Map.of(
                partition("t", 0), List.of(9, 2, 5), partition("t", 1), List.of(1), partition("u", 0), List.of(1)));

        // then  broker 9, which is down, may stay where it is
        assertThat(AssignmentCheck.problems(proposed, current, java.util.Set.of(1, 2)))
                .map(Wording::toString)
                .containsExactly(
                        "Expected brokers that are up for t-0, but broker 5 is not.",
                        "Expected a partition of topic t, but it has no partition 1.",
                        "Expected a topic of the cluster, but there is none named u.");
        assertThat(AssignmentCheck.problems(current, current, java.util.Set.of(1)))
                .isEmpty();
    }
}
